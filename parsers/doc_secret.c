/* Which words of a document are secrets whatever its format?
 *   copy ftp://backup:s3cret@192.0.2.7/asa.cfg running-config
 *   set password "$9$..."
 *   -----BEGIN RSA PRIVATE KEY-----
 * What else is one, the parser of the format knows. */
#include "parsers/doc.h"

#include <string.h>

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' || c == ';' ||
           c == '<' || c == ',';
}

static size_t word_end(fw_sv text, size_t at)
{
    while (at < text.n && !ends_word(text.p[at])) {
        at++;
    }
    return at;
}

static void mark(struct fw_doc *doc, size_t from, size_t to)
{
    if (to > from) {
        fw_doc_secret(doc, fw_doc_line_of(doc, from), fw_sv_sub(doc->text, from, to - from));
    }
}

/* RFC 3986, 3.2.1: "user:password" stands before the last "@" of what comes before the path. */
static size_t url(struct fw_doc *doc, size_t at)
{
    fw_sv text = doc->text;
    size_t colon = SIZE_MAX;
    size_t host = SIZE_MAX;
    size_t end = at;
    for (; end < text.n && !ends_word(text.p[end]) && text.p[end] != '/'; end++) {
        if (text.p[end] == ':' && colon == SIZE_MAX) {
            colon = end;
        } else if (text.p[end] == '@') {
            host = end;
        }
    }
    if (host != SIZE_MAX && colon < host) {
        mark(doc, colon + 1, host);
    }
    return end;
}

/* "$6$salt$hash", "$sha512$5000$salt$hash", "$9$...": how crypt and its imitations are written. */
static size_t crypted(struct fw_doc *doc, size_t at)
{
    enum { LONGEST_NAME = 16 };
    fw_sv text = doc->text;
    size_t from = at++;
    while (at < text.n && at - from <= LONGEST_NAME && fw_is_word(text.p[at])) {
        at++;
    }
    if (at - from < 2 || at >= text.n || text.p[at] != '$') {
        return from + 1;
    }
    size_t end = word_end(text, at);
    mark(doc, from, end);
    return end;
}

/* RFC 7468: every line between the two marks. */
static size_t private_key(struct fw_doc *doc, size_t at)
{
    enum { LONGEST_LABEL = 96 };
    static const char label[] = "PRIVATE KEY-----";
    fw_sv text = doc->text;
    fw_sv rest = fw_sv_sub(text, at, text.n);
    fw_sv line;
    /* Labels are short: a line of many marks must not be searched to its end for each of them. */
    if (!fw_sv_split(&rest, '\n', &line) ||
        fw_sv_find(fw_sv_sub(line, 0, LONGEST_LABEL), fw_sv_from(label)) == SIZE_MAX) {
        return at + 1;
    }
    while (fw_sv_split(&rest, '\n', &line)) {
        if (fw_sv_find(line, FW_SV("-----END")) != SIZE_MAX) {
            return (size_t)(line.p - text.p);
        }
        line = fw_sv_trim(line);
        if (line.n > 0) {
            mark(doc, (size_t)(line.p - text.p), (size_t)(line.p - text.p) + line.n);
        }
    }
    return text.n;
}

void fw_doc_find_secrets(struct fw_doc *doc)
{
    fw_sv text = doc->text;
    for (size_t at = 0; at < text.n;) {
        if (text.p[at] == ':' && fw_sv_starts(fw_sv_sub(text, at, 3), "://")) {
            at = url(doc, at + 3);
        } else if (text.p[at] == '$' && (at == 0 || !fw_is_word(text.p[at - 1]))) {
            at = crypted(doc, at);
        } else if (text.p[at] == '-' && fw_sv_starts(fw_sv_sub(text, at, 11), "-----BEGIN ")) {
            at = private_key(doc, at);
        } else {
            at++;
        }
    }
}
