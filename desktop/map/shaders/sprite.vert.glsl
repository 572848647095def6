// Pins, labels and small glyphs from the atlas, standing at a place and drawn pixel for pixel.
layout(location = 0) in vec3 place;
layout(location = 1) in vec2 anchor;  // device pixels from the place to the top left corner, y down
layout(location = 2) in vec2 size;    // device pixels
layout(location = 3) in vec2 cell;    // top left corner in the atlas, pixels
layout(location = 4) in vec4 tint;
out vec2 texel;
flat out vec4 colour;
void main() {
    vec4 at = drawn(place);
    vec2 foot = floor(vec2(at.x * 0.5 + 0.5, 0.5 - at.y * 0.5) * picture.xy + 0.5);
    vec2 part = vec2(float(gl_VertexID & 1), float((gl_VertexID >> 1) & 1));
    vec2 pixel = foot + anchor + part * size;
    gl_Position = vec4(pixel.x / picture.x * 2.0 - 1.0, 1.0 - pixel.y / picture.y * 2.0, -0.95, 1.0);
    texel = cell + part * size;
    colour = tint;
}
