in vec3 lit;
flat in uint id;
uniform float opacity;
layout(location = 0) out vec4 painted;
layout(location = 1) out uint thing;
void main() {
    painted = vec4(lit, opacity);
    thing = id;
}
