// A picture on the ground: corners in plane metres from an origin, with their place in the picture.
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 share;
uniform vec2 origin;
out vec2 at;
void main() {
    at = share;
    gl_Position = drawn(vec3(origin + place, 0.0));
}
