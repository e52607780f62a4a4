/* What a rule of pf.conf matches: interfaces, families, protocols, hosts and ports.
 * pf.conf(5), "Parameters". */
#include "core/proto.h"
#include "parsers/pf_conf.h"

void fw_pf_widen(struct fw_pf_match *match, enum fw_atom_kind kind, const char *what, fw_sv value)
{
    fw_sv words[] = {fw_sv_from(what), value};
    fw_terms_atom(&match->terms,
                  fw_atom_make(kind, fw_words_join(match->terms.scratch, words, 2), false));
}

void fw_pf_widen_from(struct fw_pf *pf, struct fw_pf_match *match, enum fw_atom_kind kind,
                      const char *what, size_t from)
{
    fw_sv *words = fw_new_array(match->terms.scratch, pf->at - from + 1, fw_sv);
    for (size_t i = from; i < pf->at; i++) {
        words[i - from] = pf->words[i].text;
    }
    fw_sv all = fw_words_join(match->terms.scratch, words, pf->at - from);
    if (what) {
        fw_pf_widen(match, kind, what, all);
    } else {
        fw_terms_atom(&match->terms, fw_atom_make(kind, all, false));
    }
}

void fw_pf_match_init(struct fw_pf *pf, struct fw_pf_match *match)
{
    *match = (struct fw_pf_match){.in = true, .out = true};
    match->rule = (struct fw_rule){.enabled = true, .span = pf->span};
    fw_terms_init(&match->terms, &pf->maker.doc->scratch, FW_FAMILY_BOTH);
}

void fw_pf_each(struct fw_pf *pf, void *to, void (*take)(struct fw_pf *pf, void *to))
{
    if (!fw_pf_take(pf, "{")) {
        take(pf, to);
        return;
    }
    for (size_t depth = 1; depth > 0;) { /* macros bring lists into lists */
        size_t before = pf->at;
        if (pf->at == pf->n) {
            fw_pf_unread(pf, (fw_sv){0}, "the } of a list");
            return;
        }
        if (fw_pf_take(pf, "{")) {
            depth++;
        } else if (fw_pf_take(pf, "}")) {
            depth--;
        } else if (!fw_pf_take(pf, ",")) {
            take(pf, to);
        }
        pf->at += pf->at == before;
    }
}

/* --- Interfaces and protocols --- */

static void take_interface(struct fw_pf *pf, void *to)
{
    struct fw_pf_match *match = to;
    struct fw_arena *arena = &pf->maker.doc->arena;
    match->not_interfaces = fw_pf_take(pf, "!") || match->not_interfaces;
    fw_sv name = fw_pf_next(pf);
    if (name.n == 0) {
        fw_pf_unread(pf, name, "an interface");
        return;
    }
    match->any_interface = match->any_interface || fw_sv_is(name, "any");
    match->interfaces = fw_arena_push(arena, match->interfaces, match->ninterfaces,
                                      sizeof(*match->interfaces));
    match->interfaces[match->ninterfaces++] = name;
}

static void read_interfaces(struct fw_pf *pf, struct fw_pf_match *match)
{
    size_t from = pf->at - 1;
    fw_pf_each(pf, match, take_interface);
    if (match->not_interfaces && match->ninterfaces > 1) { /* each member is a rule of its own */
        fw_pf_widen_from(pf, match, FW_ATOM_FIXED, NULL, from);
        match->ninterfaces = 0;
    } else if (match->any_interface) {
        match->ninterfaces = 0;
    }
}

/* Names of interfaces end in their number, those of groups never do: pf.conf(5), ifconfig(8). Which
 * interfaces are in a group is said elsewhere, but for the one that is made for loopback. */
static void and_interfaces(const struct fw_pf_match *match, struct fw_terms *terms, bool out)
{
    struct fw_term *parts = fw_new_array(terms->scratch, match->ninterfaces + 1, struct fw_term);
    fw_sv *names = fw_new_array(terms->scratch, match->ninterfaces, fw_sv);
    size_t nnames = 0;
    size_t n = 0;
    for (size_t i = 0; i < match->ninterfaces; i++) {
        fw_sv name = match->interfaces[i];
        fw_sv words[] = {out ? FW_SV("out") : FW_SV("in"), FW_SV("interface group"), name};
        if (fw_is_digit(name.p[name.n - 1]) || fw_sv_is(name, "lo")) {
            names[nnames++] = fw_sv_is(name, "lo") ? FW_SV("lo+") : name;
            continue;
        }
        struct fw_atom *atom = fw_new(terms->scratch, struct fw_atom);
        *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(terms->scratch, words, 3),
                             match->not_interfaces);
        atom->outside = true;
        parts[n++] = (struct fw_term){.natoms = 1, .atoms = atom};
    }
    if (nnames > 0) {
        const struct fw_nameset *set = fw_nameset_make(terms->scratch, names, nnames,
                                                       match->not_interfaces);
        *(out ? &parts[n].out : &parts[n].in) = set;
        n++;
    }
    fw_terms_and(terms, parts, n);
}

struct protocols {
    size_t n;
    struct fw_numrange *v;
    bool bad;
    fw_sv word;
};

static void take_protocol(struct fw_pf *pf, void *to)
{
    struct protocols *protocols = to;
    fw_sv name = fw_pf_next(pf);
    uint8_t proto = 112;
    protocols->word = name;
    if (!fw_sv_is(name, "carp") && !fw_proto_parse(name, &proto)) {
        if (!fw_sv_is(name, "pfsync")) {
            protocols->bad = true;
            return;
        }
        proto = 240;
    }
    protocols->v = fw_arena_push(&pf->maker.doc->scratch, protocols->v, protocols->n,
                                 sizeof(*protocols->v));
    protocols->v[protocols->n++] = (struct fw_numrange){proto, proto};
}

static void read_protocols(struct fw_pf *pf, struct fw_pf_match *match)
{
    struct protocols protocols = {0};
    size_t from = pf->at;
    fw_pf_each(pf, &protocols, take_protocol);
    if (protocols.bad || protocols.n == 0) {
        fw_pf_unread(pf, protocols.word, "a protocol");
        fw_pf_widen_from(pf, match, FW_ATOM_FIXED, "proto", from);
        return;
    }
    struct fw_term term = {.proto = fw_numset_make(match->terms.scratch, protocols.v, protocols.n)};
    fw_terms_and(&match->terms, &term, 1);
    bool icmp = protocols.n == 1 &&
                (protocols.v[0].lo == FW_PROTO_ICMP || protocols.v[0].lo == FW_PROTO_ICMP6);
    match->icmp = icmp ? (uint8_t)protocols.v[0].lo : 0;
}

/* --- Hosts --- */

struct hosts {
    struct fw_choosing choosing;
    bool negated, destination;
    size_t n;
};

static void add_atom(struct hosts *hosts, enum fw_atom_kind kind, const char *what, fw_sv name,
                     bool outside)
{
    fw_sv words[] = {fw_sv_from(what), name};
    struct fw_atom atom = fw_atom_make(
        kind, name.n > 0 ? fw_words_join(hosts->choosing.arena, words, 2) : words[0], false);
    atom.outside = outside;
    fw_choosing_atom(&hosts->choosing, atom);
}

static void take_table(struct fw_pf *pf, struct hosts *hosts, fw_sv word)
{
    fw_sv name = fw_sv_sub(word, 1, word.n - 2);
    struct fw_thing *table = fw_things_find(&pf->tables, (fw_sv){0}, 0, name);
    if (table && table->state == FW_THING_DONE) {
        table->object->uses++;
        if (!fw_choosing_full(&hosts->choosing, table->choice)) {
            fw_choosing_add(&hosts->choosing, table->choice);
            return;
        }
        fw_pf_unread(pf, word, "tables of no more than the limit GROUP_MEMBERS allows");
        add_atom(hosts, FW_ATOM_VARYING, "not understood", (fw_sv){0}, false);
    } else {
        add_atom(hosts, FW_ATOM_FIXED, "table", name, true);
    }
}

static void take_host(struct fw_pf *pf, void *to)
{
    struct hosts *hosts = to;
    fw_iprange range;
    fw_iprange last;
    bool negated = fw_pf_take(pf, "!");
    hosts->negated = hosts->negated || negated;
    hosts->n++;
    if (fw_pf_take(pf, "(")) { /* whatever addresses the interface has */
        fw_sv name = fw_pf_next(pf);
        fw_pf_take(pf, ")");
        add_atom(hosts, FW_ATOM_FIXED, "address of", name, true);
        return;
    }
    fw_sv word = fw_pf_next(pf);
    if (word.n == 0) {
        fw_pf_unread(pf, word, "a host");
        add_atom(hosts, FW_ATOM_VARYING, "not understood", (fw_sv){0}, false);
    } else if (fw_sv_is(word, "any") || fw_sv_is(word, "all")) {
        fw_choosing_term(&hosts->choosing, (struct fw_term){0});
    } else if (fw_sv_starts(word, "<") && word.n > 2 && fw_sv_ends(word, ">")) {
        take_table(pf, hosts, word);
    } else if (fw_iprange_parse(word, &range, NULL)) {
        if (fw_pf_take(pf, "-")) {
            fw_sv end = fw_pf_next(pf);
            if (!fw_iprange_parse(end, &last, NULL) || last.lo.family != range.lo.family ||
                fw_ip_cmp(range.lo, last.hi) > 0) {
                fw_pf_unread(pf, end, "the last address of a range");
                add_atom(hosts, FW_ATOM_VARYING, "not understood", (fw_sv){0}, false);
                return;
            }
            range.hi = last.hi;
        }
        fw_choosing_range(&hosts->choosing, range);
    } else if (fw_sv_is(word, "self")) {
        add_atom(hosts, hosts->destination ? FW_ATOM_DST_LOCAL : FW_ATOM_SRC_LOCAL, "self",
                 (fw_sv){0}, false);
    } else if (fw_sv_is(word, "no-route") || fw_sv_is(word, "urpf-failed")) {
        add_atom(hosts, FW_ATOM_FIXED, fw_sv_is(word, "no-route") ? "no-route" : "urpf-failed",
                 (fw_sv){0}, true);
    } else if (fw_sv_is(word, "route")) {
        add_atom(hosts, FW_ATOM_FIXED, "route", fw_pf_next(pf), true);
    } else { /* a name, or an interface: its addresses when the rules were loaded */
        add_atom(hosts, FW_ATOM_FIXED, "host", word, true);
    }
}

static struct hosts read_hosts(struct fw_pf *pf, bool destination, struct fw_arena *arena)
{
    struct hosts hosts = {.destination = destination};
    fw_choosing_init(&hosts.choosing, arena);
    fw_pf_each(pf, &hosts, take_host);
    return hosts;
}

struct fw_choice fw_pf_hosts(struct fw_pf *pf, fw_sv name)
{
    struct hosts hosts = read_hosts(pf, false, &pf->maker.doc->arena);
    /* "{ 10/8 !10.1/16 }": the narrower one counts, and that is not modelled. */
    if (hosts.negated) {
        fw_choosing_init(&hosts.choosing, &pf->maker.doc->arena);
        add_atom(&hosts, FW_ATOM_FIXED, "table", name, true);
    }
    return fw_choosing_done(&hosts.choosing);
}

/* --- Ports --- */

struct ports {
    size_t n;
    struct fw_numrange *v;
    bool any, bad;
    fw_sv word;
};

static void add_ports(struct fw_pf *pf, struct ports *ports, uint32_t lo, uint32_t hi)
{
    if (lo > hi || hi > UINT16_MAX) {
        return;
    }
    ports->v = fw_arena_push(&pf->maker.doc->scratch, ports->v, ports->n, sizeof(*ports->v));
    ports->v[ports->n++] = (struct fw_numrange){lo, hi};
}

enum { IS, IS_NOT, BELOW, UP_TO, ABOVE, FROM, NOT };

static void add_compared(struct fw_pf *pf, struct ports *ports, size_t op, struct fw_numrange range)
{
    if ((op == IS_NOT || op == NOT || op == BELOW) && range.lo > 0) {
        add_ports(pf, ports, 0, range.lo - 1);
    }
    if (op == IS_NOT || op == NOT || op == ABOVE) {
        add_ports(pf, ports, range.hi + 1, UINT16_MAX);
    } else if (op == UP_TO) {
        add_ports(pf, ports, 0, range.hi);
    } else if (op == FROM) {
        add_ports(pf, ports, range.lo, UINT16_MAX);
    } else if (op != BELOW) {
        add_ports(pf, ports, range.lo, range.hi);
    }
}

/* "1024:", ":1023" */
static void add_half_open(struct fw_pf *pf, struct ports *ports, fw_sv word)
{
    struct fw_numrange range;
    bool up = fw_sv_ends(word, ":");
    fw_sv open = up ? fw_sv_sub(word, 0, word.n - 1) : fw_sv_sub(word, 1, SIZE_MAX);
    if (!fw_port_range(open, ':', &range)) {
        ports->bad = true;
        return;
    }
    add_ports(pf, ports, up ? range.lo : 0, up ? UINT16_MAX : range.hi);
}

/* The upper end of "9999 >< 11001" or "1024 <> 2048", neither end of which is a part of it. */
static void add_between(struct fw_pf *pf, struct ports *ports, struct fw_numrange lower,
                        bool inside)
{
    uint16_t upper;
    if (!fw_port_parse(fw_pf_next(pf), &upper)) {
        ports->bad = true;
    } else if (inside) {
        add_ports(pf, ports, lower.lo + 1, upper > 0 ? (uint32_t)upper - 1 : 0);
    } else {
        add_ports(pf, ports, 0, lower.lo > 0 ? lower.lo - 1 : 0);
        add_ports(pf, ports, (uint32_t)upper + 1, UINT16_MAX);
    }
}

/* "22", "1024:65535", ">= 1024", "9999 >< 11001", "!= ssh" */
static void take_port(struct fw_pf *pf, void *to)
{
    static const char *const operators[] = {"=", "!=", "<", "<=", ">", ">=", "!"};
    struct ports *ports = to;
    struct fw_numrange range;
    size_t op = 0;
    while (op < 7 && !fw_pf_take(pf, operators[op])) {
        op++;
    }
    fw_sv word = fw_pf_next(pf);
    ports->word = word;
    if (fw_sv_ends(word, ":") || fw_sv_starts(word, ":")) {
        add_half_open(pf, ports, word);
    } else if (fw_sv_is(word, "any")) {
        ports->any = true;
    } else if (!fw_port_range(word, ':', &range)) {
        ports->bad = true;
    } else if (fw_pf_take(pf, "><")) {
        add_between(pf, ports, range, true);
    } else if (fw_pf_take(pf, "<>")) {
        add_between(pf, ports, range, false);
    } else {
        add_compared(pf, ports, op, range);
    }
}

void fw_pf_ports(struct fw_pf *pf, struct fw_pf_match *match, bool destination)
{
    struct ports ports = {0};
    size_t from = pf->at;
    fw_pf_each(pf, &ports, take_port);
    if (ports.bad) {
        fw_pf_unread(pf, ports.word, "a port, a range or an operator before one");
        fw_pf_widen_from(pf, match, FW_ATOM_FIXED, destination ? "port" : "source port", from);
    } else if (!ports.any) {
        struct fw_term term = {0};
        const struct fw_numset *set = fw_numset_make(match->terms.scratch, ports.v, ports.n);
        *(destination ? &term.dport : &term.sport) = set;
        fw_terms_and(&match->terms, &term, 1);
    }
}

static void read_side(struct fw_pf *pf, struct fw_pf_match *match, bool destination)
{
    if (!fw_sv_is(fw_pf_peek(pf), "port")) {
        size_t from = pf->at;
        struct hosts hosts = read_hosts(pf, destination, &pf->maker.doc->scratch);
        struct fw_choice choice = fw_choosing_done(&hosts.choosing);
        if (hosts.negated && hosts.n > 1) { /* each member is a rule of its own: any but these */
            fw_pf_widen_from(pf, match, FW_ATOM_FIXED, destination ? "to" : "from", from);
        } else {
            fw_terms_addresses(&match->terms, choice, destination, hosts.negated);
        }
    }
    if (fw_pf_take(pf, "port")) {
        fw_pf_ports(pf, match, destination);
    }
    if (fw_pf_take(pf, "os")) {
        size_t from = pf->at;
        if (fw_sv_is(fw_pf_next(pf), "{")) {
            while (pf->at < pf->n && !fw_pf_take(pf, "}")) {
                pf->at++;
            }
        }
        fw_pf_widen_from(pf, match, FW_ATOM_FIXED, "os", from);
    }
}

static void and_family(struct fw_pf_match *match, bool six)
{
    fw_terms_family(&match->terms, six ? FW_IPV6 : FW_IPV4);
    match->family = six ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
}

void fw_pf_match_head(struct fw_pf *pf, struct fw_pf_match *match)
{
    if (fw_pf_take(pf, "on")) {
        if (fw_sv_is(fw_pf_peek(pf), "rdomain")) {
            pf->at++;
            fw_pf_widen(match, FW_ATOM_FIXED, "rdomain", fw_pf_next(pf));
        } else {
            read_interfaces(pf, match);
        }
    }
    while (fw_pf_route(pf)) {
    }
    if (fw_pf_take(pf, "inet")) {
        and_family(match, false);
    } else if (fw_pf_take(pf, "inet6")) {
        and_family(match, true);
    }
    if (fw_pf_take(pf, "proto")) {
        read_protocols(pf, match);
    }
    if (fw_pf_take(pf, "all")) {
        return;
    }
    if (fw_pf_take(pf, "from")) {
        read_side(pf, match, false);
    }
    if (fw_pf_take(pf, "to")) {
        read_side(pf, match, true);
    }
}

void fw_pf_add(struct fw_pf *pf, const struct fw_pf_match *match, struct fw_policy *in,
               struct fw_policy *out)
{
    for (int way = 0; way < 2; way++) {
        struct fw_policy *policy = way == 0 ? in : out;
        if (!policy || !(way == 0 ? match->in : match->out)) {
            continue;
        }
        struct fw_terms terms = match->terms;
        if (match->ninterfaces > 0) {
            and_interfaces(match, &terms, way == 1);
        }
        fw_maker_rule(&pf->maker, policy, &match->rule, &terms);
    }
}
