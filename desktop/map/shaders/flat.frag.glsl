flat in vec4 colour;
flat in uint id;
layout(location = 0) out vec4 painted;
layout(location = 1) out uint thing;
void main() {
    painted = colour;
    thing = id;
}
