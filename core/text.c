/* Answers: how is foreign text shown so that it cannot act on a terminal, browser or spreadsheet?
 */
#include "core/text.h"

#include <string.h>

#define REPLACEMENT 0xfffdu

/* Longest name that is worth a suggestion. */
#define DISTANCE_MAX 96

/* What acts without showing, above Latin-1. C0, DEL and C1 are tested by value. */
static const struct {
    uint32_t lo, hi;
} acting[] = {
    {0x00ad, 0x00ad},   /* soft hyphen: shown by some terminals, dropped by others */
    {0x061c, 0x061c},   /* Arabic letter mark */
    {0x180e, 0x180e},   /* Mongolian vowel separator */
    {0x200b, 0x200b},   /* zero width space */
    {0x200e, 0x200f},   /* left-to-right and right-to-left marks */
    {0x2028, 0x202e},   /* line and paragraph separators, bidi embeddings and overrides */
    {0x2060, 0x206f},   /* word joiner, invisible operators, bidi isolates */
    {0xfdd0, 0xfdef},   /* non-characters */
    {0xfeff, 0xfeff},   /* byte order mark */
    {0xfff0, 0xfffb},   /* interlinear annotation */
    {0xe0000, 0xe0fff}, /* tags and other invisible selectors */
};

/* One code point of text, with what it takes to show it. */
struct piece {
    fw_sv bytes;
    uint32_t codepoint;
    bool invalid; /* a byte that is no UTF-8 */
    bool acts;    /* shown as an escape */
};

static bool utf8_decode(fw_sv text, uint32_t *ret, size_t *ret_n)
{
    const unsigned char *p = (const unsigned char *)text.p;
    unsigned char lead = p[0];
    if (lead < 0x80) {
        *ret = lead;
        *ret_n = 1;
        return true;
    }
    size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.n < n) {
        return false;
    }
    uint32_t value = lead & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0u) != 0x80u) {
            return false;
        }
        value = value << 6 | (p[i] & 0x3fu);
    }
    bool overlong = (n == 3 && value < 0x800) || (n == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return false;
    }
    *ret = value;
    *ret_n = n;
    return true;
}

uint32_t fw_utf8_next(fw_sv *rest)
{
    uint32_t codepoint;
    size_t n;
    if (rest->n == 0) {
        return REPLACEMENT;
    }
    if (!utf8_decode(*rest, &codepoint, &n)) {
        codepoint = REPLACEMENT;
        n = 1;
    }
    *rest = fw_sv_of(rest->p + n, rest->n - n);
    return codepoint;
}

bool fw_utf8_valid(fw_sv text)
{
    while (text.n > 0) {
        uint32_t codepoint;
        size_t n;
        if (!utf8_decode(text, &codepoint, &n)) {
            return false;
        }
        text = fw_sv_of(text.p + n, text.n - n);
    }
    return true;
}

size_t fw_utf8_encode(char to[4], uint32_t codepoint)
{
    if (codepoint > 0x10ffff || (codepoint >= 0xd800 && codepoint <= 0xdfff)) {
        codepoint = REPLACEMENT;
    }
    size_t n = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    if (n == 1) {
        to[0] = (char)codepoint;
    } else {
        for (size_t i = n - 1; i > 0; i--) {
            to[i] = (char)(0x80u | (codepoint & 0x3fu));
            codepoint >>= 6;
        }
        to[0] = (char)((0xf00u >> n & 0xffu) | codepoint);
    }
    return n;
}

void fw_utf8_put(struct fw_buf *buf, uint32_t codepoint)
{
    char to[4];
    size_t n = fw_utf8_encode(to, codepoint);
    fw_buf_add(buf, fw_sv_of(to, n));
}

bool fw_text_unsafe(uint32_t codepoint)
{
    if (codepoint < 0xad) {
        return codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0);
    }
    /* The last two of every plane are no characters; neither is what lies beyond the planes. */
    if (codepoint > 0x10ffff || (codepoint & 0xfffeu) == 0xfffeu) {
        return true;
    }
    for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++) {
        if (codepoint <= acting[i].hi) {
            return codepoint >= acting[i].lo;
        }
    }
    return false;
}

static struct piece piece_next(fw_sv *rest)
{
    struct piece piece = {0};
    size_t n;
    if (utf8_decode(*rest, &piece.codepoint, &n)) {
        piece.acts = fw_text_unsafe(piece.codepoint);
    } else {
        piece.codepoint = (unsigned char)rest->p[0];
        piece.invalid = true;
        piece.acts = true;
        n = 1;
    }
    piece.bytes = fw_sv_of(rest->p, n);
    *rest = fw_sv_of(rest->p + n, rest->n - n);
    return piece;
}

/* \x1b for a byte, \u202e and \U000e0041 for code points: the widths are what piece_cells says. */
static void piece_put(struct fw_buf *buf, const struct piece *piece)
{
    if (!piece->acts) {
        fw_buf_add(buf, piece->bytes);
    } else if (piece->invalid || piece->codepoint < 0x80) {
        fw_buf_printf(buf, "\\x%02x", (unsigned)piece->codepoint);
    } else if (piece->codepoint < 0x10000) {
        fw_buf_printf(buf, "\\u%04x", (unsigned)piece->codepoint);
    } else {
        fw_buf_printf(buf, "\\U%08x", (unsigned)piece->codepoint);
    }
}

static size_t piece_cells(const struct piece *piece)
{
    if (!piece->acts) {
        return fw_text_cells(piece->codepoint);
    }
    return piece->invalid || piece->codepoint < 0x80 ? 4 : piece->codepoint < 0x10000 ? 6 : 10;
}

/* Bytes at the front that show as themselves in one cell each. */
static size_t plain_prefix(fw_sv text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] >= 0x20 && text.p[n] < 0x7f) {
        n++;
    }
    return n;
}

static fw_sv skip(fw_sv text, size_t n)
{
    return fw_sv_of(text.p + n, text.n - n);
}

size_t fw_text_width(fw_sv text)
{
    size_t cells = 0;
    while (text.n > 0) {
        size_t n = plain_prefix(text);
        cells += n;
        text = skip(text, n);
        if (text.n > 0) {
            struct piece piece = piece_next(&text);
            cells += piece_cells(&piece);
        }
    }
    return cells;
}

void fw_text_safe(struct fw_buf *buf, fw_sv text)
{
    while (text.n > 0) {
        size_t n = plain_prefix(text);
        fw_buf_add(buf, fw_sv_of(text.p, n));
        text = skip(text, n);
        if (text.n > 0) {
            struct piece piece = piece_next(&text);
            piece_put(buf, &piece);
        }
    }
}

void fw_text_fit(struct fw_buf *buf, fw_sv text, size_t cells)
{
    /* Only so much of a hostile line is measured as can matter. */
    size_t total = 0;
    for (fw_sv rest = text; rest.n > 0 && total <= cells;) {
        struct piece piece = piece_next(&rest);
        total += piece_cells(&piece);
    }
    if (total <= cells) {
        fw_text_safe(buf, text);
        return;
    }
    if (cells == 0) {
        return;
    }
    size_t used = 0;
    while (text.n > 0) {
        struct piece piece = piece_next(&text);
        size_t wants = piece_cells(&piece);
        if (used + wants > cells - 1) {
            break;
        }
        piece_put(buf, &piece);
        used += wants;
    }
    fw_buf_add_cstr(buf, "\xe2\x80\xa6");
}

void fw_text_html(struct fw_buf *buf, fw_sv text)
{
    while (text.n > 0) {
        struct piece piece = piece_next(&text);
        switch (piece.codepoint) {
        case '&':
            fw_buf_add_cstr(buf, "&amp;");
            break;
        case '<':
            fw_buf_add_cstr(buf, "&lt;");
            break;
        case '>':
            fw_buf_add_cstr(buf, "&gt;");
            break;
        case '"':
            fw_buf_add_cstr(buf, "&quot;");
            break;
        case '\'':
            fw_buf_add_cstr(buf, "&#39;");
            break;
        default:
            piece_put(buf, &piece);
        }
    }
}

/* The first thing that a spreadsheet would look at decides; programs differ in whether they skip
 * blanks before it, so blanks are skipped here too. */
static bool starts_formula(fw_sv text)
{
    if (text.n > 0 && (text.p[0] == '\t' || text.p[0] == '\r' || text.p[0] == '\n')) {
        return true;
    }
    while (text.n > 0) {
        switch (fw_utf8_next(&text)) {
        case ' ':
        case 0xa0:
        case 0x3000:
            continue;
        case '=':
        case '+':
        case '-':
        case '@':
        case '\t':
        case 0xff1d: /* full-width = + - @: folded by East Asian editions */
        case 0xff0b:
        case 0xff0d:
        case 0xff20:
            return true;
        default:
            return false;
        }
    }
    return false;
}

fw_sv fw_text_cell(fw_sv cell)
{
    fw_sv rest = fw_sv_sub(cell, 1, cell.n);
    return cell.n > 1 && cell.p[0] == '\'' && starts_formula(rest) ? rest : cell;
}

void fw_text_csv(struct fw_buf *buf, fw_sv text)
{
    bool formula = starts_formula(text);
    bool quote = text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' ');
    for (size_t i = 0; i < text.n && !quote; i++) {
        quote = strchr(",;\"\t\r\n", text.p[i]) && text.p[i] != '\0';
    }
    if (quote) {
        fw_buf_add_char(buf, '"');
    }
    if (formula) {
        fw_buf_add_char(buf, '\'');
    }
    while (text.n > 0) {
        struct piece piece = piece_next(&text);
        if (piece.codepoint == '"') {
            fw_buf_add_cstr(buf, "\"\"");
        } else if (piece.codepoint == '\t' || piece.codepoint == '\n') {
            fw_buf_add(buf, piece.bytes);
        } else if (piece.codepoint != '\r' || text.n == 0 || text.p[0] != '\n') {
            piece_put(buf, &piece);
        }
    }
    if (quote) {
        fw_buf_add_char(buf, '"');
    }
}

void fw_text_tsv(struct fw_buf *buf, fw_sv text)
{
    if (starts_formula(text)) {
        fw_buf_add_char(buf, '\'');
    }
    fw_text_safe(buf, text);
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Optimal string alignment: a swap of neighbours counts as one edit, as people type them. */
void fw_text_uri(struct fw_buf *buf, fw_sv path)
{
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (fw_is_word(c) || c == '.' || c == '/' || c == '~') {
            fw_buf_add_char(buf, c);
        } else {
            fw_buf_printf(buf, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
}

size_t fw_text_distance(fw_sv a, fw_sv b, size_t limit)
{
    size_t longer = a.n > b.n ? a.n : b.n;
    size_t shorter = a.n > b.n ? b.n : a.n;
    if (fw_sv_eq(a, b)) {
        return 0;
    }
    if (longer - shorter > limit || longer > DISTANCE_MAX) {
        return limit + 1;
    }
    size_t rows[3][DISTANCE_MAX + 1];
    size_t *before = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= b.n; j++) {
        above[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        row[0] = i;
        size_t least = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = above[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            row[j] = min3(above[j] + 1, row[j - 1] + 1, change);
            bool swap = i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1];
            if (swap && before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
            least = row[j] < least ? row[j] : least;
        }
        /* A swap reaches back two rows, so one bad row is not yet the end. */
        if (least > limit + 1) {
            return limit + 1;
        }
        size_t *old = before;
        before = above;
        above = row;
        row = old;
    }
    return above[b.n] > limit ? limit + 1 : above[b.n];
}
