/* Translation of pf.conf, as it used to be written and as rules carry it now, and anchors: rules
 * that are loaded from somewhere else. pf.conf(5), "Translation", "Anchors". */
#include "parsers/pf_conf.h"

/* Where the address becomes another one: one address, an interface's own, or several. */
static void read_target(struct fw_pf *pf, struct fw_pf_match *match)
{
    struct fw_nat *nat = &match->rule.nat;
    bool own = fw_sv_is(fw_pf_peek(pf), "(");
    fw_sv word = fw_pf_peek(pf);
    struct fw_choice choice = fw_pf_hosts(pf, word);
    bool plain = choice.n == 1 && choice.v[0].natoms == 0 && choice.v[0].src &&
                 choice.v[0].src->n == 1;
    if (plain) {
        nat->to = choice.v[0].src->v[0];
    } else {
        nat->own_address = true;
        if (!own) { /* a name, a table, several: which one is not known */
            fw_pf_widen(match, FW_ATOM_VARYING, "target", word);
        }
    }
    if (fw_pf_take(pf, "port")) {
        struct fw_numrange range;
        fw_sv port = fw_pf_next(pf);
        if (fw_sv_ends(port, ":*") && fw_port_range(fw_sv_sub(port, 0, port.n - 2), ':', &range)) {
            nat->port_lo = nat->port_hi = (uint16_t)range.lo;
            fw_pf_widen(match, FW_ATOM_VARYING, "ports from", port);
        } else if (fw_port_range(port, ':', &range)) {
            nat->port_lo = (uint16_t)range.lo;
            nat->port_hi = (uint16_t)range.hi;
        } else {
            fw_pf_unread(pf, port, "a port or a range");
        }
    }
}

static struct fw_policy *rdr_policy(struct fw_pf *pf)
{
    if (!pf->rdr) {
        pf->rdr = fw_maker_nat(&pf->maker, FW_SV("nat/in"), FW_HOOK_PREROUTING);
    }
    return pf->rdr;
}

static struct fw_policy *nat_policy(struct fw_pf *pf)
{
    if (!pf->nat) {
        pf->nat = fw_maker_nat(&pf->maker, FW_SV("nat/out"), FW_HOOK_POSTROUTING);
    }
    return pf->nat;
}

void fw_pf_add_nat(struct fw_pf *pf, struct fw_pf_match *match, bool out)
{
    match->in = !out;
    match->out = out;
    fw_pf_add(pf, match, out ? NULL : rdr_policy(pf), out ? nat_policy(pf) : NULL);
}

/* "nat on eth0 from 192.0.2.0/24 to any -> (eth0)": the first that matches decides. */
void fw_pf_nat(struct fw_pf *pf, fw_sv verb, bool no)
{
    struct fw_pf_match match;
    bool rdr = fw_sv_is(verb, "rdr");
    bool bi = fw_sv_is(verb, "binat");
    fw_pf_match_init(pf, &match);
    bool pass = fw_pf_take(pf, "pass");
    if (fw_pf_take(pf, "log") && fw_sv_is(fw_pf_peek(pf), "(")) {
        while (pf->at < pf->n && !fw_pf_take(pf, ")")) {
            pf->at++;
        }
    }
    fw_pf_match_head(pf, &match);
    fw_pf_match_options(pf, &match);
    match.rule.action = no ? FW_ACTION_PERMIT : rdr ? FW_ACTION_DNAT : FW_ACTION_SNAT;
    if (fw_pf_take(pf, "->")) {
        read_target(pf, &match);
        fw_pf_match_options(pf, &match);
        fw_pf_end(pf);
    } else if (!no) {
        fw_pf_unread(pf, fw_pf_peek(pf), "-> and an address");
        match.rule.nat.own_address = true;
        fw_pf_widen(&match, FW_ATOM_VARYING, "target", FW_SV("unknown"));
    }
    if (bi && !no) {
        match.rule.nat.paired = match.rule.nat.both_ways = true;
    }
    if (pass && !no) {
        bool known = rdr && !match.rule.nat.own_address;
        fw_pf_passed(&pf->maker, rdr ? pf->in : pf->out, known ? &match.rule.nat.to : NULL,
                     pf->span);
    }
    fw_pf_add_nat(pf, &match, !rdr);
}

bool fw_pf_translate(struct fw_pf *pf, const struct fw_pf_match *match, fw_sv word)
{
    bool rdr = fw_sv_is(word, "rdr-to");
    bool bi = fw_sv_is(word, "binat-to");
    struct fw_pf_match copy = *match;
    if (!rdr && !bi && !fw_sv_is(word, "nat-to")) {
        return false;
    }
    if (fw_pf_take(pf, "none")) {
        return true;
    }
    copy.rule = (struct fw_rule){.enabled = true, .span = match->rule.span};
    copy.rule.action = rdr ? FW_ACTION_DNAT : FW_ACTION_SNAT;
    read_target(pf, &copy);
    copy.rule.nat.paired = copy.rule.nat.both_ways = bi;
    /* The last rule that matches translates, and what the others do is sticky only for "match". */
    fw_pf_widen(&copy, FW_ATOM_VARYING, "of", FW_SV("several rules that translate"));
    fw_pf_add_nat(pf, &copy, !rdr);
    return true;
}

/* "nat-anchor "x" from a to b", "anchor "x" in on le0": whatever is loaded there may decide. */
void fw_pf_anchor(struct fw_pf *pf, fw_sv verb)
{
    struct fw_pf_match match;
    bool rdr = fw_sv_is(verb, "rdr-anchor") || fw_sv_is(verb, "binat-anchor");
    bool nat = fw_sv_is(verb, "nat-anchor") || fw_sv_is(verb, "binat-anchor");
    fw_sv name = fw_sv_is(fw_pf_peek(pf), "{") ? FW_SV("of this file") : fw_pf_next(pf);
    fw_pf_match_init(pf, &match);
    match.rule.target = name;
    if (fw_pf_take(pf, "in")) {
        match.out = false;
    } else if (fw_pf_take(pf, "out")) {
        match.in = false;
    }
    match.rule.quick = fw_pf_take(pf, "quick");
    fw_pf_match_head(pf, &match);
    fw_pf_match_options(pf, &match);
    fw_pf_widen(&match, FW_ATOM_VARYING, "anchor", name);
    if (!rdr && !nat) {
        match.rule.action = FW_ACTION_UNKNOWN;
        fw_pf_add(pf, &match, pf->in, pf->out);
        return;
    }
    match.rule.nat.own_address = true;
    if (rdr) {
        match.rule.action = FW_ACTION_DNAT;
        fw_pf_add_nat(pf, &match, false);
    }
    if (nat) {
        match.rule.action = FW_ACTION_SNAT;
        fw_pf_add_nat(pf, &match, true);
    }
}
