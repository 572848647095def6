// Floors of buildings.
layout(location = 0) in vec3 place;
layout(location = 1) in vec4 tint;
out vec4 colour;
void main() {
    colour = tint;
    gl_Position = drawn(place);
    gl_Position.z = -0.925;
}
