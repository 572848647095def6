// Rings around what is selected, hovered or pending; dashes move while an order is on its way.
layout(location = 0) in vec3 place;
layout(location = 1) in vec4 shape;  // offset up in pixels, radius, width, dashes (0 = none)
layout(location = 2) in vec4 tint;
out vec2 here;
flat out vec4 form;
flat out vec4 colour;
void main() {
    vec4 at = drawn(place);
    float reach = (shape.y + shape.z + 2.0) * picture.z;
    vec2 corner = vec2((gl_VertexID & 1) == 0 ? -1.0 : 1.0, (gl_VertexID & 2) == 0 ? -1.0 : 1.0);
    here = corner * reach;
    form = vec4(shape.yz * picture.z, shape.w, middle.w);
    colour = tint;
    vec2 pixel = here + vec2(0.0, shape.x * picture.z);
    gl_Position = vec4(at.xy + pixel * 2.0 / picture.xy, -0.96, 1.0);
}
