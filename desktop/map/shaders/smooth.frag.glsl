// Smooths the stairs of edges where neighbouring pixels differ in lightness (FXAA, console variant).
uniform sampler2D plain;
uniform vec2 texel;
layout(location = 0) out vec4 painted;

float light(vec3 colour) { return dot(colour, vec3(0.299, 0.587, 0.114)); }

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 here = texelFetch(plain, at, 0).rgb;
    float nw = light(texelFetch(plain, at + ivec2(-1, 1), 0).rgb);
    float ne = light(texelFetch(plain, at + ivec2(1, 1), 0).rgb);
    float sw = light(texelFetch(plain, at + ivec2(-1, -1), 0).rgb);
    float se = light(texelFetch(plain, at + ivec2(1, -1), 0).rgb);
    float middle = light(here);
    float low = min(middle, min(min(nw, ne), min(sw, se)));
    float high = max(middle, max(max(nw, ne), max(sw, se)));
    if (high - low < 0.012) { painted = vec4(here, 1.0); return; }
    vec2 along = vec2((sw + se) - (nw + ne), (nw + sw) - (ne + se));
    along.x = -((nw + ne) - (sw + se));
    along.y = (nw + sw) - (ne + se);
    float reduce = max((nw + ne + sw + se) * 0.03125, 0.002);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -6.0, 6.0) * texel;
    vec2 uv = gl_FragCoord.xy * texel;
    vec3 near = 0.5 * (texture(plain, uv + along * (1.0 / 3.0 - 0.5)).rgb + texture(plain, uv + along * (2.0 / 3.0 - 0.5)).rgb);
    vec3 wide = near * 0.5 + 0.25 * (texture(plain, uv - along * 0.5).rgb + texture(plain, uv + along * 0.5).rgb);
    float wide_light = light(wide);
    painted = vec4(wide_light < low || wide_light > high ? near : wide, 1.0);
}
