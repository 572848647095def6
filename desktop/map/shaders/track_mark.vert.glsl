// Marks on a track: where it begins and ends, which way it goes, where somebody was at a moment.
layout(location = 0) in vec3 place;
layout(location = 1) in vec4 shape;  // kind, size in pixels, a metre east and north along the way
layout(location = 2) in vec3 tint;
out vec2 here;                       // pixels from the place, along and across the way
flat out vec2 form;
flat out vec3 colour;
void main() {
    vec4 at = drawn(place);
    vec3 ahead = vec3(shape.zw, 0.0);
    vec2 along = vec2(dot(row_x.xyz, ahead), dot(row_y.xyz, ahead)) * picture.xy;
    vec2 forward = length(along) > 0.0 ? normalize(along) : vec2(1.0, 0.0);
    float reach = shape.y * picture.z + 3.0;
    here = reach * vec2((gl_VertexID & 1) == 0 ? -1.0 : 1.0, (gl_VertexID & 2) == 0 ? -1.0 : 1.0);
    form = vec2(shape.x, shape.y * picture.z);
    colour = tint;
    vec2 pixel = forward * here.x + vec2(-forward.y, forward.x) * here.y;
    gl_Position = vec4(at.xy + pixel * 2.0 / picture.xy, -0.94, 1.0);
}
