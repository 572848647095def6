uniform sampler2D cells;
in vec2 where;
layout(location = 0) out vec4 painted;
void main() { painted = texture(cells, where); }
