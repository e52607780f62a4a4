/*
 * The tokens of nftables' text, and the expressions and statements made of them. A reader stands at
 * a token; it never looks back. Variables (`define x = ...`) are read where they are used, by a
 * reader of their own.
 */
#ifndef FW_PARSERS_NFT_TEXT_H
#define FW_PARSERS_NFT_TEXT_H

#include "parsers/nft.h"

enum fw_nft_token {
    FW_NFT_END,
    FW_NFT_LINE_END, /* a newline or a semicolon */
    FW_NFT_WORD,
    FW_NFT_STRING,
    FW_NFT_PUNCT,
};

struct fw_nft_variable {
    fw_sv name;
    uint64_t offset, end; /* of its value */
    uint32_t line;
    struct fw_nft_variable *next;
};

struct fw_nft_reader {
    struct fw_doc *doc;
    struct fw_arena *arena; /* of what is read */
    const struct fw_nft_variable *variables;
    uint64_t at, end;
    uint32_t next_line; /* of `at` */
    unsigned depth;     /* of expressions and variables */
    uint64_t *expanded; /* what variables have stood for so far, everywhere */
    bool again;         /* what is wrong with the words was said when they were read first */
    bool failed;        /* something was not understood; reported */
    bool unsupported;   /* ... although it may well be right */
    /* The current token. */
    enum fw_nft_token token;
    fw_sv raw;
    fw_sv text; /* without the quotes */
    uint32_t line;
    fw_sv comment; /* the last one read: "# handle 12" */
};

void fw_nft_reader_init(struct fw_nft_reader *reader, struct fw_doc *doc, struct fw_arena *arena,
                        uint64_t from, uint64_t to, uint32_t line);
void fw_nft_next(struct fw_nft_reader *reader);
bool fw_nft_at(const struct fw_nft_reader *reader, const char *text); /* a word or punctuation */
bool fw_nft_skip(struct fw_nft_reader *reader, const char *text);
bool fw_nft_at_end(const struct fw_nft_reader *reader); /* of a statement line: also "}" */
void fw_nft_skip_line(struct fw_nft_reader *reader);    /* past nested braces */
/* Reports once; the reader is failed from then on. */
void fw_nft_fail(struct fw_nft_reader *reader, const char *expected);

/* A word or a string; {0}: failed. */
fw_sv fw_nft_take_name(struct fw_nft_reader *reader);

/* A line of a chain that is no rule; false: it is one. */
bool fw_nft_read_chain_property(struct fw_nft *nft, struct fw_nft_reader *r,
                                struct fw_nft_chain *chain);
/* What stands on the right of a comparison, with sets and references. NULL: failed. */
const struct fw_nft_expr *fw_nft_read_value(struct fw_nft_reader *reader);
/* What is looked at: fields, keys, their concatenations and masks. */
const struct fw_nft_expr *fw_nft_read_key(struct fw_nft_reader *reader);
const struct fw_nft_expr *fw_nft_read_verdict(struct fw_nft_reader *reader);
bool fw_nft_at_verdict(const struct fw_nft_reader *reader);
struct fw_nft_expr *fw_nft_expr_new(struct fw_arena *arena, enum fw_nft_kind kind, fw_sv text,
                                    fw_sv raw);
void fw_nft_expr_add(struct fw_arena *arena, struct fw_nft_expr *expr,
                     const struct fw_nft_expr *part);
/* Statements up to the end of the line. */
void fw_nft_read_statements(struct fw_nft_reader *reader, struct fw_nft_rule *rule);

#endif
