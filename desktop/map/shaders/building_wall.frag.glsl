in vec3 lit;
flat in uint id;
layout(location = 0) out vec4 painted;
layout(location = 1) out uint thing;
void main() {
    painted = vec4(lit, 1.0);
    thing = id;
}
