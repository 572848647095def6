// A picture laid over the map; its box in device pixels, y down.
uniform vec4 box;  // left, top, right, bottom
out vec2 where;
void main() {
    where = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    vec2 at = mix(box.xy, box.zw, where) / picture.xy;
    gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, -0.92, 1.0);
}
