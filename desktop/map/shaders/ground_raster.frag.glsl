uniform isampler2D numbers;
uniform samplerBuffer grids;  // rgb, height 0..1
uniform float strength;
uniform vec3 unloaded;
uniform vec2 cells;
in vec2 cell;
layout(location = 0) out vec4 painted;
layout(location = 1) out uint thing;
void main() {
    int number = texelFetch(numbers, ivec2(clamp(cell, vec2(0.0), cells - 1.0)), 0).r;
    if (number < 0) discard;
    painted = vec4(mix(unloaded, texelFetch(grids, number).rgb, strength), 1.0);
    thing = (1u << 28) | uint(number);
}
