/* How is a line of a table cut into its cells? */
#include "evidence/cells.h"

bool fw_cells_line(fw_sv *rest, fw_sv *ret)
{
    size_t end = fw_sv_find_char(*rest, '\n');
    if (end == SIZE_MAX) {
        return false;
    }
    *ret = fw_sv_of(rest->p, end + 1);
    *rest = fw_sv_of(rest->p + end + 1, rest->n - end - 1);
    return true;
}

bool fw_cells_cut(fw_sv line, size_t n, fw_sv *ret)
{
    line.n -= fw_sv_ends(line, "\n");
    for (size_t i = 0; i < n; i++) {
        size_t tab = fw_sv_find_char(line, '\t');
        if ((tab == SIZE_MAX) != (i + 1 == n)) {
            return false;
        }
        ret[i] = fw_sv_sub(line, 0, tab == SIZE_MAX ? line.n : tab);
        line = fw_sv_sub(line, tab == SIZE_MAX ? line.n : tab + 1, line.n);
    }
    return true;
}

bool fw_cells_printable(fw_sv line)
{
    line.n -= fw_sv_ends(line, "\n");
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return true;
}
