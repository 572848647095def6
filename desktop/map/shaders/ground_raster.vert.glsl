// All grids as one picture with a pixel for every cell, for views in which a grid is a few pixels wide.
uniform vec4 box;  // west, south, east, north in plane metres
out vec2 cell;
uniform vec2 cells;  // columns, rows
void main() {
    vec2 share = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    cell = share * cells;
    gl_Position = drawn(vec3(mix(box.xy, box.zw, share), 0.0));
    gl_Position.z += 1e-5;
}
