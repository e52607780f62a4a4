/* The words of nftables' text: blanks, comments, quotes and continued lines end here. */
#include "parsers/nft_text.h"

#include <string.h>

void fw_nft_reader_init(struct fw_nft_reader *reader, struct fw_doc *doc, struct fw_arena *arena,
                        uint64_t from, uint64_t to, uint32_t line)
{
    *reader = (struct fw_nft_reader){
        .doc = doc, .arena = arena, .at = from, .end = to, .next_line = line, .line = line};
}

static bool ends_word(char c)
{
    return fw_is_blank(c) || c == '\n' || c == '\r' || c == '\0' || strchr("{}(),;=\"#&|^<>!", c);
}

/* Skips what is between tokens; a newline is a token. */
/* How many bytes end a line here: 1, 2 (a carriage return on its own ends none), or 0. */
static uint64_t line_end(const struct fw_nft_reader *reader, uint64_t at)
{
    const char *p = reader->doc->text.p;
    if (at < reader->end && p[at] == '\n') {
        return 1;
    }
    return at + 1 < reader->end && p[at] == '\r' && p[at + 1] == '\n' ? 2 : 0;
}

static void skip_blanks(struct fw_nft_reader *reader)
{
    const char *p = reader->doc->text.p;
    while (reader->at < reader->end) {
        char c = p[reader->at];
        if (c == '#') {
            uint64_t start = reader->at;
            while (reader->at < reader->end && p[reader->at] != '\n') {
                reader->at++;
            }
            reader->comment = fw_sv_of(p + start, (size_t)(reader->at - start));
        } else if (c == '\\' && line_end(reader, reader->at + 1) > 0) {
            reader->at += 1 + line_end(reader, reader->at + 1);
            reader->next_line++;
        } else if (fw_is_blank(c) || c == '\r' || c == '\0') {
            reader->at++;
        } else {
            return;
        }
    }
}

static void set_token(struct fw_nft_reader *reader, enum fw_nft_token token, uint64_t n)
{
    reader->token = token;
    reader->raw = fw_sv_of(reader->doc->text.p + reader->at, (size_t)n);
    reader->text = reader->raw;
    reader->at += n;
}

static void read_string(struct fw_nft_reader *reader)
{
    const char *p = reader->doc->text.p;
    uint64_t close = reader->at + 1;
    while (close < reader->end && p[close] != '"' && p[close] != '\n') {
        close++;
    }
    bool closed = close < reader->end && p[close] == '"';
    set_token(reader, FW_NFT_STRING, close - reader->at + closed);
    reader->text = fw_sv_sub(reader->raw, 1, reader->raw.n - 1 - closed);
    if (!closed && !reader->again) {
        fw_doc_mark(reader->doc, reader->line, FW_LINE_BAD);
        fw_doc_warn(reader->doc, FW_DIAG_ID_UNTERMINATED, reader->line, reader->raw,
                    "a quote is not closed");
    }
}

static void read_word(struct fw_nft_reader *reader)
{
    const char *p = reader->doc->text.p;
    uint64_t end = reader->at;
    /* "@th,16,16" is one word, the only one with commas. */
    bool raw_payload = end + 3 < reader->end && p[end] == '@' && p[end + 2] == 'h' &&
                       p[end + 3] == ',';
    while (end < reader->end && (!ends_word(p[end]) || (raw_payload && p[end] == ','))) {
        end++;
    }
    set_token(reader, FW_NFT_WORD, end - reader->at);
}

void fw_nft_next(struct fw_nft_reader *reader)
{
    static const char *const pairs[] = {"==", "!=", "<=", ">=", "<<", ">>"};
    skip_blanks(reader);
    reader->line = reader->next_line;
    if (reader->at >= reader->end) {
        set_token(reader, FW_NFT_END, 0);
        return;
    }
    const char *p = reader->doc->text.p + reader->at;
    if (*p == '\n' || *p == ';') {
        reader->next_line += *p == '\n';
        set_token(reader, FW_NFT_LINE_END, 1);
        return;
    }
    if (*p == '"') {
        read_string(reader);
        return;
    }
    if (!ends_word(*p)) {
        read_word(reader);
        return;
    }
    uint64_t n = 1;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        n = reader->at + 1 < reader->end && p[0] == pairs[i][0] && p[1] == pairs[i][1] ? 2 : n;
    }
    set_token(reader, FW_NFT_PUNCT, n);
}

bool fw_nft_at(const struct fw_nft_reader *reader, const char *text)
{
    bool plain = reader->token == FW_NFT_WORD || reader->token == FW_NFT_PUNCT;
    return plain && fw_sv_is(reader->text, text);
}

bool fw_nft_skip(struct fw_nft_reader *reader, const char *text)
{
    if (!fw_nft_at(reader, text)) {
        return false;
    }
    fw_nft_next(reader);
    return true;
}

bool fw_nft_at_end(const struct fw_nft_reader *reader)
{
    return reader->token == FW_NFT_END || reader->token == FW_NFT_LINE_END ||
           fw_nft_at(reader, "}");
}

void fw_nft_skip_line(struct fw_nft_reader *reader)
{
    size_t depth = 0;
    while (reader->token != FW_NFT_END && (depth > 0 || !fw_nft_at_end(reader))) {
        if (fw_nft_at(reader, "{")) {
            depth++;
        } else if (fw_nft_at(reader, "}")) {
            depth--;
        }
        fw_nft_next(reader);
    }
}

void fw_nft_fail(struct fw_nft_reader *reader, const char *expected)
{
    if (reader->failed) {
        return;
    }
    reader->failed = true;
    bool end = reader->token == FW_NFT_END || reader->token == FW_NFT_LINE_END;
    if (reader->unsupported) {
        fw_doc_unsupported(reader->doc, reader->line, reader->raw, "expected %s", expected);
    } else if (end) {
        fw_doc_bad(reader->doc, reader->line, (fw_sv){0}, "expected %s before the end", expected);
    } else {
        fw_doc_bad(reader->doc, reader->line, reader->raw, "expected %s, not \"%.*s\"", expected,
                   FW_SV_ARG(reader->raw));
    }
}

fw_sv fw_nft_take_name(struct fw_nft_reader *reader)
{
    fw_sv name = reader->text;
    if (reader->token != FW_NFT_WORD && reader->token != FW_NFT_STRING) {
        fw_nft_fail(reader, "a name");
        return (fw_sv){0};
    }
    fw_nft_next(reader);
    return name;
}
