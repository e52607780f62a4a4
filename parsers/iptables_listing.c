/* What `iptables -L` prints, with and without -n, -v and --line-numbers.
 *   Chain INPUT (policy DROP 12 packets, 720 bytes)
 *   num   pkts bytes target     prot opt in     out     source               destination
 *   1       66  6034 ACCEPT     tcp  --  eth0   *       10.0.0.0/8           0.0.0.0/0     tcp
 * dpt:22 Each row becomes the command that would add the rule (iptables_listed.c reads its last
 * column). Without -v the interfaces are not printed: any rule may ask for one. */
#include <string.h>

#include "parsers/iptables_listed.h"
#include "parsers/parser.h"

struct listing {
    struct fw_nf nf;
    unsigned family;           /* of the command that was printed above; 0: none was */
    fw_sv named;               /* its table */
    struct fw_nf_table *table; /* of the chains that follow */
    struct fw_nf_chain *chain; /* NULL: none yet, or one that was listed before */
    int rank;                  /* of the last built-in chain; 9: of one that somebody made */
    bool header;               /* the columns of this chain are known */
    bool num, counters;        /* columns */
};

/* --- Which table a chain is in --- */

static const char *const builtin[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
enum { PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING, HOOKS, OWN = 9, TOLD };

/* "Chain NAME (policy ACCEPT)", "Chain NAME (2 references)". */
static bool chain_line(fw_sv text, fw_sv *ret_name, fw_sv *ret_inside)
{
    fw_sv rest = text;
    fw_sv word;
    if (!fw_sv_starts(text, "Chain ") || !fw_sv_word(&rest, &word) ||
        !fw_sv_word(&rest, ret_name)) {
        return false;
    }
    rest = fw_sv_trim(rest);
    if (rest.n < 2 || rest.p[0] != '(' || rest.p[rest.n - 1] != ')') {
        return false;
    }
    *ret_inside = fw_sv_sub(rest, 1, rest.n - 2);
    return true;
}

static int rank_of(fw_sv name)
{
    for (int i = 0; i < HOOKS; i++) {
        if (fw_sv_is(name, builtin[i])) {
            return i;
        }
    }
    return OWN;
}

/* The built-in chains of one listing stand in the order of the hooks, before all others. */
static bool begins_table(int before, int rank)
{
    return rank != OWN && rank <= before;
}

/* What a person wrote into a rule, a comment or the prefix of a log line, is no command. */
static fw_sv before_texts(fw_sv text)
{
    size_t at = fw_sv_find(text, FW_SV("/*"));
    for (const char *quote = "\"`"; *quote; quote++) {
        size_t quoted = fw_sv_find_char(text, *quote);
        at = quoted < at ? quoted : at;
    }
    return fw_sv_sub(text, 0, at);
}

static bool is_command(fw_sv text)
{
    text = before_texts(text);
    return !fw_sv_starts(text, "#  ") && (fw_sv_find(text, FW_SV("iptables ")) != SIZE_MAX ||
                                          fw_sv_find(text, FW_SV("ip6tables ")) != SIZE_MAX);
}

/* Which built-in chains the listing has tells its table: iptables(8), TABLES. */
static fw_sv table_by_chains(const struct fw_doc *doc, uint64_t offset, uint32_t line, int rank)
{
    bool seen[HOOKS] = {false};
    fw_sv text;
    fw_sv name;
    fw_sv inside;
    int before = rank;
    if (rank != OWN) {
        seen[rank] = true;
    }
    while (fw_doc_line(doc, &offset, &line, &text)) {
        if (is_command(text)) {
            break;
        }
        if (!chain_line(fw_sv_trim(text), &name, &inside)) {
            continue;
        }
        int next = rank_of(name);
        if (begins_table(before, next)) {
            break;
        }
        before = next;
        if (next != OWN) {
            seen[next] = true;
        }
    }
    return seen[FORWARD] && (seen[PREROUTING] || seen[POSTROUTING]) ? FW_SV("mangle")
           : seen[POSTROUTING]                                      ? FW_SV("nat")
           : seen[PREROUTING]                                       ? FW_SV("raw")
                                                                    : FW_SV("filter");
}

/* Numeric listings of IPv6 say ::/0; without addresses, theirs have no column "opt". */
static unsigned family_by_words(const struct fw_doc *doc, uint64_t offset, uint32_t line)
{
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text) && !is_command(text)) {
        fw_sv word;
        fw_ip ip;
        while (fw_sv_word(&text, &word)) {
            bool whole = fw_sv_is(word, "--") || fw_sv_is(word, "-f") || fw_sv_is(word, "!f");
            fw_sv address = fw_sv_sub(word, fw_sv_starts(word, "!"), SIZE_MAX);
            address = fw_sv_sub(address, 0, fw_sv_find_char(address, '/'));
            if (fw_sv_find_char(address, ':') != SIZE_MAX && fw_ip_parse(address, &ip)) {
                return FW_FAMILY_BIT6;
            }
            if (whole || (fw_sv_find_char(address, '.') != SIZE_MAX && fw_ip_parse(address, &ip))) {
                return FW_FAMILY_BIT4;
            }
        }
    }
    return FW_FAMILY_BIT4;
}

/* "root@edge:~# ip6tables -t nat -L -n": says what the listing below is of. */
static void read_command(struct listing *listing, fw_sv text, uint32_t line)
{
    fw_sv word;
    bool program = false;
    listing->family = 0;
    listing->named = (fw_sv){0};
    listing->chain = NULL;
    listing->rank = TOLD;
    while (fw_sv_word(&text, &word)) {
        if (fw_sv_ends(word, "ip6tables")) {
            listing->family = FW_FAMILY_BIT6;
            program = true;
        } else if (fw_sv_ends(word, "iptables")) {
            listing->family = FW_FAMILY_BIT4;
            program = true;
        } else if (program && fw_sv_is(word, "-t") && fw_sv_word(&text, &word)) {
            listing->named = word;
        }
    }
    if (listing->family != 0 && listing->named.n == 0) {
        listing->named = FW_SV("filter");
    }
    fw_doc_mark(listing->nf.doc, line, FW_LINE_USED);
}

/* --- Chains --- */

/* "1234", "318K", "2M": rounded down to the unit, so none is none. */
static bool read_number(fw_sv text, uint64_t *ret)
{
    static const char units[] = "KMGTP";
    uint64_t factor = 1;
    uint64_t value;
    const char *unit = text.n > 1 ? strchr(units, text.p[text.n - 1]) : NULL;
    if (unit && *unit != '\0') {
        for (const char *p = units; p <= unit; p++) {
            factor *= 1000;
        }
        text.n--;
    }
    if (!fw_sv_u64(text, &value) || value > UINT64_MAX / factor) {
        return false;
    }
    *ret = value * factor;
    return true;
}

/* "policy DROP 12 packets, 720 bytes"; everything after the policy may be absent. */
static void declare(struct listing *listing, fw_sv inside, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = listing->nf.doc;
    struct fw_counter counter = {0};
    fw_sv policy = FW_SV("-");
    fw_sv word;
    fw_sv rest = inside;
    bool ok = fw_sv_word(&rest, &word);
    if (ok && fw_sv_is(word, "policy")) {
        fw_sv packets;
        fw_sv bytes;
        ok = fw_sv_word(&rest, &policy);
        if (ok && fw_sv_word(&rest, &packets)) {
            ok = fw_sv_word(&rest, &word) && fw_sv_word(&rest, &bytes) &&
                 read_number(packets, &counter.packets) && read_number(bytes, &counter.bytes);
            counter.present = ok;
        }
    } else {
        ok = ok && fw_sv_find(inside, FW_SV("reference")) != SIZE_MAX;
    }
    if (!ok) {
        fw_doc_bad(doc, line, inside, "expected the policy of the chain, or who refers to it");
        counter = (struct fw_counter){0};
    }
    fw_nf_chain_declare(&listing->nf, listing->chain, policy, counter,
                        fw_doc_span(doc, text, line));
}

static void start_chain(struct listing *listing, fw_sv text, fw_sv name, fw_sv inside,
                        uint64_t offset, uint32_t line)
{
    struct fw_doc *doc = listing->nf.doc;
    int rank = rank_of(name);
    if (!listing->table || listing->rank == TOLD || begins_table(listing->rank, rank)) {
        bool told = listing->rank == TOLD;
        fw_sv table = told && listing->named.n > 0 ? listing->named
                                                   : table_by_chains(doc, offset, line, rank);
        unsigned family = told && listing->family ? listing->family
                                                  : family_by_words(doc, offset, line);
        listing->table = fw_nf_table(&listing->nf, fw_pool_text(&listing->nf.pool, table), family);
    }
    listing->rank = rank;
    listing->header = false;
    listing->chain = NULL;
    fw_doc_mark(doc, line, FW_LINE_USED);
    if (!listing->table) {
        fw_doc_bad(doc, line, name, "too many tables");
        return;
    }
    struct fw_nf_chain *chain = fw_nf_chain_find(&listing->nf, listing->table, name);
    if (chain && chain->policy->span.line != 0) {
        fw_doc_unsupported(doc, line, name, "the chain was listed before: this one is not read");
        return;
    }
    listing->chain = fw_nf_chain(&listing->nf, listing->table, name);
    declare(listing, inside, text, line);
}

/* --- Rows --- */

/* The columns of a row after the counters; target and opt may be blank. */
struct row {
    fw_sv number, packets, bytes, target, proto, opt, in, out, source, destination, rest;
};

/* Cuts a word off, and says how many blanks stood before it. */
static bool cut(fw_sv *rest, fw_sv *ret, size_t *ret_blanks)
{
    const char *from = rest->p;
    if (!fw_sv_word(rest, ret)) {
        return false;
    }
    *ret_blanks = (size_t)(ret->p - from);
    return true;
}

static bool split_row(const struct listing *listing, bool verbose, fw_sv text, struct row *ret)
{
    enum { TARGET_WIDTH = 9 }; /* "%-9s " in iptables.c: a blank target is as wide */
    struct row row = {0};
    size_t blanks;
    fw_sv rest = text;
    if (listing->num && !cut(&rest, &row.number, &blanks)) {
        return false;
    }
    if (listing->counters &&
        (!cut(&rest, &row.packets, &blanks) || !cut(&rest, &row.bytes, &blanks))) {
        return false;
    }
    if (!cut(&rest, &row.proto, &blanks)) {
        return false;
    }
    if (blanks < TARGET_WIDTH) {
        row.target = row.proto;
        if (!cut(&rest, &row.proto, &blanks)) {
            return false;
        }
    }
    fw_sv after = rest;
    if (cut(&after, &row.opt, &blanks) &&
        (fw_sv_is(row.opt, "--") || fw_sv_is(row.opt, "-f") || fw_sv_is(row.opt, "!f"))) {
        rest = after;
    } else {
        row.opt = (fw_sv){0}; /* ip6tables leaves the column blank */
    }
    if (verbose && (!cut(&rest, &row.in, &blanks) || !cut(&rest, &row.out, &blanks))) {
        return false;
    }
    if (!cut(&rest, &row.source, &blanks) || !cut(&rest, &row.destination, &blanks)) {
        return false;
    }
    row.rest = fw_sv_trim(rest);
    *ret = row;
    return true;
}

/* Names of /etc/networks that every system has; others are the resolver's. */
static fw_sv known_network(fw_sv text)
{
    static const struct {
        const char *name;
        fw_sv is;
    } rows[] = {
        {"anywhere", FW_SV_INIT("")},
        {"default", FW_SV_INIT("")},
        {"link-local/16", FW_SV_INIT("169.254.0.0/16")},
        {"loopback/8", FW_SV_INIT("127.0.0.0/8")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_is(text, rows[i].name)) {
            return rows[i].is;
        }
    }
    return text;
}

static void add_address(struct fw_listed *listed, const char *option, const char *side, fw_sv text)
{
    bool negated = fw_sv_starts(text, "!");
    fw_sv address = known_network(fw_sv_sub(text, negated, SIZE_MAX));
    size_t slash = fw_sv_find_char(address, '/');
    fw_ip ip;
    if (address.n == 0) {
        return;
    }
    if (slash != SIZE_MAX && !fw_ip_parse(fw_sv_sub(address, 0, slash), &ip)) {
        fw_sv words[] = {fw_sv_from(side), address}; /* a network's name that DNS gave */
        fw_listed_atom(listed, FW_ATOM_FIXED, fw_words_join(listed->scratch, words, 2), negated);
        return;
    }
    fw_listed_option(listed, option, negated, address);
}

static void add_interface(struct fw_listed *listed, const char *option, fw_sv text)
{
    bool negated = fw_sv_starts(text, "!");
    if (text.n > 0 && !fw_sv_is(text, "*") && !fw_sv_is(text, "any")) {
        fw_listed_option(listed, option, negated, fw_sv_sub(text, negated, SIZE_MAX));
    }
}

static void make_rule(struct listing *listing, const struct row *row, bool verbose, fw_sv text,
                      uint32_t line)
{
    struct fw_doc *doc = listing->nf.doc;
    struct fw_listed listed = {.doc = doc, .scratch = &doc->scratch, .line = line};
    struct fw_counter counter = {.present = listing->counters};
    if (listing->counters && (!read_number(row->packets, &counter.packets) ||
                              !read_number(row->bytes, &counter.bytes))) {
        fw_doc_bad(doc, line, row->packets, "expected counters of packets and bytes");
        counter = (struct fw_counter){0};
    }
    fw_listed_option(&listed, "-A", false, listing->chain->name);
    bool other = fw_sv_starts(row->proto, "!");
    fw_sv proto = fw_sv_sub(row->proto, other, SIZE_MAX);
    if (!fw_sv_is(proto, "all") && !fw_sv_is(proto, "0")) {
        fw_listed_option(&listed, "-p", other, proto);
    }
    if (fw_sv_is(row->opt, "-f") || fw_sv_is(row->opt, "!f")) {
        fw_listed_option(&listed, "-f", fw_sv_is(row->opt, "!f"), (fw_sv){0});
    }
    add_interface(&listed, "-i", row->in);
    add_interface(&listed, "-o", row->out);
    add_address(&listed, "-s", "source", row->source);
    add_address(&listed, "-d", "destination", row->destination);
    if (!verbose) {
        fw_listed_atom(&listed, FW_ATOM_VARYING, FW_SV("interfaces not listed"), false);
    }
    listed.nf = &listing->nf;
    fw_listed_read(&listed, row->target, row->rest);
    fw_nf_command_under(&listing->nf, listing->table, line, text,
                        (struct fw_nf_words){listed.n, listed.words}, counter, listed.atoms,
                        listed.natoms);
}

/* Numbers tell whether rows were left out: what stood there may have decided anything. */
static bool fill_gap(struct listing *listing, fw_sv number, uint32_t line)
{
    enum { MISSING = 4096 };
    struct fw_doc *doc = listing->nf.doc;
    uint32_t at;
    uint32_t next = (uint32_t)listing->chain->policy->n + 1;
    if (!fw_sv_u32(number, UINT32_MAX, &at) || at < next || at - next > MISSING) {
        fw_doc_bad(doc, line, number, "expected rule %u of the chain", next);
        return false;
    }
    if (at > next) {
        fw_doc_unsupported(doc, line, number, "the rows before this one are missing");
    }
    for (; next < at; next++) {
        fw_nf_rule_unread(&listing->nf, listing->chain, FW_SV("row is missing"),
                          fw_doc_span(doc, number, line));
    }
    return true;
}

static void read_header(struct listing *listing, fw_sv text)
{
    fw_sv word;
    listing->num = listing->counters = false;
    while (fw_sv_word(&text, &word)) {
        listing->num = listing->num || fw_sv_is(word, "num");
        listing->counters = listing->counters || fw_sv_is(word, "pkts");
    }
    listing->header = true;
}

static void read_row(struct listing *listing, fw_sv text, uint32_t line)
{
    struct fw_doc *doc = listing->nf.doc;
    struct row row;
    if (!listing->chain) {
        fw_doc_unsupported(doc, line, fw_sv_trim(text), "a row of a chain that is not read");
        return;
    }
    bool read = listing->header && split_row(listing, listing->counters, text, &row);
    if (!read) {
        fw_doc_bad(doc, line, fw_sv_trim(text), "expected the columns of a rule");
    }
    if (read && (!listing->num || fill_gap(listing, row.number, line))) {
        make_rule(listing, &row, listing->counters, fw_sv_trim(text), line);
    } else {
        fw_nf_rule_unread(&listing->nf, listing->chain, FW_SV("row is not understood"),
                          fw_doc_span(doc, fw_sv_trim(text), line));
    }
}

static bool is_header(fw_sv text)
{
    return fw_sv_find(text, FW_SV("target ")) != SIZE_MAX &&
           fw_sv_find(text, FW_SV(" prot ")) != SIZE_MAX &&
           fw_sv_find(text, FW_SV(" destination")) != SIZE_MAX;
}

static void read_line(struct listing *listing, fw_sv text, uint64_t offset, uint32_t line)
{
    struct fw_doc *doc = listing->nf.doc;
    fw_sv trimmed = fw_sv_trim(text);
    fw_sv name;
    fw_sv inside;
    if (trimmed.n == 0) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED);
    } else if (chain_line(trimmed, &name, &inside)) {
        start_chain(listing, trimmed, name, inside, offset, line);
    } else if (fw_sv_starts(trimmed, "# Warning:")) {
        fw_doc_unsupported(doc, line, trimmed, "tables that this listing does not show");
    } else if (fw_sv_starts(trimmed, "Chain ")) {
        listing->chain = NULL;
        fw_doc_bad(doc, line, trimmed, "expected Chain NAME (policy or references)");
    } else if (is_header(trimmed)) {
        fw_doc_mark(doc, line, FW_LINE_USED);
        read_header(listing, trimmed);
    } else if (is_command(trimmed) &&
               (!listing->header || fw_sv_find(before_texts(trimmed), FW_SV(" -L")) != SIZE_MAX)) {
        read_command(listing, trimmed, line);
    } else {
        read_row(listing, text, line);
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct listing *listing = fw_new(&doc->arena, struct listing);
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    fw_nf_init(&listing->nf, doc, ret);
    listing->rank = TOLD;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        read_line(listing, text, offset, line);
        fw_arena_reset(&doc->scratch);
    }
    fw_nf_finish(&listing->nf);
}

/* A chain and its columns. */
static int bid(fw_sv head)
{
    bool chain = false;
    fw_sv text;
    fw_sv name;
    fw_sv inside;
    while (fw_sv_split(&head, '\n', &text)) {
        text = fw_sv_trim(text);
        if (chain && is_header(text)) {
            return FW_BID_SURE;
        }
        chain = chain_line(text, &name, &inside);
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_iptables_listing = {
    .name = "iptables-listing",
    .title = "Linux netfilter, iptables -L output",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
