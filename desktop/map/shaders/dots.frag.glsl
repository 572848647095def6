flat in vec4 colour;
flat in float reach;
flat in float hollow;
uniform vec3 halo;
layout(location = 0) out vec4 painted;
void main() {
    float away = length(gl_PointCoord - 0.5) * (reach * 2.0 + 3.0);
    float cover = clamp(reach + 0.5 - away, 0.0, 1.0);
    if (hollow > 0.9) cover *= clamp(away - reach + 2.2, 0.0, 1.0);
    float rim = clamp(reach + 1.5 - away, 0.0, 1.0);
    vec3 tint = colour.rgb;
    if (hollow > 0.2 && hollow < 0.9 && away < reach * 0.42) tint = halo;
    float alpha = max(cover, rim * 0.55) * colour.a;
    if (alpha <= 0.01) discard;
    painted = vec4(mix(halo, tint, cover), alpha);
}
