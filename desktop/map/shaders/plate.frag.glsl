in vec4 colour;
layout(location = 0) out vec4 painted;
void main() { painted = colour; }
