flat in vec4 colour;
in float across;
flat in float half_width;
layout(location = 0) out vec4 painted;
void main() {
    float cover = clamp(half_width + 0.5 - abs(across), 0.0, 1.0);
    painted = vec4(colour.rgb, colour.a * cover);
}
