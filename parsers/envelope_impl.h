/* For the readers of headers only: what a header is cut with, and the reader of RFC 5424. */
#ifndef FW_PARSERS_ENVELOPE_IMPL_H
#define FW_PARSERS_ENVELOPE_IMPL_H

#include <string.h>

#include "parsers/envelope.h"

static inline void fw_cut_blanks(fw_sv *s)
{
    while (s->n > 0 && fw_is_blank(*s->p)) {
        s->p++;
        s->n--;
    }
}

static inline void fw_cut(fw_sv *s, size_t n)
{
    s->p += n;
    s->n -= n;
}

/* Up to the next blank. */
static inline fw_sv fw_word_of(fw_sv s)
{
    const char *blank = s.n ? memchr(s.p, ' ', s.n) : NULL;
    size_t n = blank ? (size_t)(blank - s.p) : s.n;
    const char *tab = n ? memchr(s.p, '\t', n) : NULL;
    return fw_sv_of(s.p, tab ? (size_t)(tab - s.p) : n);
}

static inline bool fw_is_nil(fw_sv word)
{
    return word.n == 1 && word.p[0] == '-';
}

static inline fw_sv fw_not_nil(fw_sv word)
{
    return fw_is_nil(word) ? (fw_sv){0} : word;
}

static inline fw_sv fw_cut_word(fw_sv *rest)
{
    fw_cut_blanks(rest);
    fw_sv word = fw_word_of(*rest);
    fw_cut(rest, word.n);
    return word;
}

/* "1 2003-10-11T22:14:15.003Z " or "1 - ", and what follows; behind the priority. */
bool fw_envelope_rfc5424(fw_sv rest, struct fw_envelope *ret);
/* HOST APP PROCID MSGID SD MSG. `strict`: the version is missing, so the form must prove itself. */
bool fw_envelope_rfc5424_body(fw_sv rest, bool strict, struct fw_envelope *ret);

#endif
