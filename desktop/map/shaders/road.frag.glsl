flat in vec4 colour;
flat in float half_width;
in vec2 here;
flat in float span;
layout(location = 0) out vec4 painted;
void main() {
    vec2 away = vec2(here.x - clamp(here.x, 0.0, span), here.y);
    float cover = clamp(half_width + 0.5 - length(away), 0.0, 1.0);
    if (cover <= 0.0) discard;
    painted = vec4(colour.rgb, colour.a * cover);
}
