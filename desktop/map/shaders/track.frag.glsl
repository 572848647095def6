flat in vec4 colour;
flat in float half_width;
flat in float dash;
in vec2 here;
flat in float span;
layout(location = 0) out vec4 painted;
void main() {
    vec2 away = vec2(here.x - clamp(here.x, 0.0, span), here.y);
    float cover = clamp(half_width + 0.5 - length(away), 0.0, 1.0);
    if (dash > 0.0) cover *= clamp(dash * 0.5 + 0.5 - abs(mod(here.x, dash * 2.0) - dash * 0.5), 0.0, 1.0);
    if (cover <= 0.01) discard;
    painted = vec4(colour.rgb, colour.a * cover);
}
