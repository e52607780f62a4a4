/* Tests of certificates: what the checker accepts, and above all what it does not. */
#include "policy/certificate.h"

#include <string.h>

#include "core/limits.h"
#include "policy/analysis.h"
#include "policy/replay.h"
#include "tests/unit/random.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_iptables_save;

struct world {
    struct parsed parsed;
    struct fw_guard guard;
    struct fw_scratch scratch;
    struct fw_program program; /* of the first policy that decides */
    struct fw_tree tree;
    struct fw_checker checker;
};

static void build(struct world *w, const char *config)
{
    struct fw_rule_ids ids;
    size_t p = 0;
    parsed_init(&w->parsed, &fw_parser_iptables_save, config);
    struct fw_arena *arena = &w->parsed.doc.arena;
    fw_scratch_init(&w->scratch, 1 << 28);
    w->scratch.guard = &w->guard;
    fw_rule_ids_init(&ids, arena, &w->parsed.ruleset);
    while (!w->parsed.ruleset.policies[p]->decides) {
        p++;
    }
    fw_program_build(&w->program, arena, &w->scratch, &ids, w->parsed.ruleset.policies[p]);
    fw_tree_build(&w->tree, arena, &w->scratch, &w->program);
    fw_checker_init(&w->checker, arena, &w->program);
}

static void clear(struct world *w)
{
    fw_scratch_clear(&w->scratch);
    parsed_clear(&w->parsed);
}

/* A claim on the rule of the first policy at a position. */
static struct fw_claim claim_on(const struct world *w, enum fw_claim_kind kind, uint32_t position)
{
    struct fw_claim claim = {.program = &w->program, .kind = kind};
    while (w->program.items[claim.item].policy != w->program.policy ||
           w->program.items[claim.item].rule->position != position) {
        claim.item++;
    }
    claim.box = w->program.boxes[w->program.items[claim.item].first_box];
    return claim;
}

/* The first box of a rule at a position. */
static uint32_t box_of(const struct world *w, uint32_t position)
{
    return w->program.items[claim_on(w, FW_CLAIM_DEAD, position).item].first_box;
}

static enum fw_writing write(struct world *w, const struct fw_claim *claim, uint64_t work,
                             struct fw_certificate *ret)
{
    return fw_certificate_write(&w->parsed.doc.arena, &w->scratch, &w->tree, claim, &work, ret);
}

static bool accepts(struct world *w, const struct fw_claim *claim, struct fw_step *steps, size_t n)
{
    struct fw_certificate certificate = {n, steps};
    return fw_certificate_check(&w->checker, &w->parsed.doc.arena, claim, &certificate);
}

#define FILTER(rules) "*filter\n:FORWARD DROP [0:0]\n" rules "COMMIT\n"

START_TEST(a_union_is_taken_apart)
{
    struct world w;
    build(&w, FILTER("-A FORWARD -s 10.0.0.0/9 -j ACCEPT\n"
                     "-A FORWARD -s 10.128.0.0/9 -p tcp -j ACCEPT\n"
                     "-A FORWARD -s 10.0.0.0/8 -p tcp --dport 22 -j DROP\n"
                     "-A FORWARD -s 10.0.0.0/7 -p tcp --dport 22 -j DROP\n"));
    struct fw_claim dead = claim_on(&w, FW_CLAIM_DEAD, 3);
    struct fw_claim live = claim_on(&w, FW_CLAIM_DEAD, 4);
    struct fw_certificate c;
    ck_assert_int_eq(write(&w, &dead, 1000, &c), FW_WRITING_DONE);
    ck_assert_uint_eq(c.n, 3);
    ck_assert_int_eq(c.steps[0].kind, FW_STEP_SPLIT);
    ck_assert(accepts(&w, &dead, c.steps, c.n));
    ck_assert_int_eq(write(&w, &live, 1000, &c), FW_WRITING_REFUTED);
    /* Nothing is left out, nothing comes after, no leaf names another box, no split another part.
     */
    ck_assert_int_eq(write(&w, &dead, 1000, &c), FW_WRITING_DONE);
    ck_assert(!accepts(&w, &dead, c.steps, c.n - 1));
    ck_assert(!accepts(&w, &dead, c.steps, 0));
    struct fw_step longer[4] = {c.steps[0], c.steps[1], c.steps[2], c.steps[2]};
    ck_assert(!accepts(&w, &dead, longer, 4));
    for (size_t i = 1; i < 3; i++) {
        struct fw_step changed[3] = {c.steps[0], c.steps[1], c.steps[2]};
        for (uint32_t box = 0; box < w.program.nboxes + 2; box++) {
            changed[i].a = box;
            ck_assert(accepts(&w, &dead, changed, 3) == (box == c.steps[i].a));
        }
        changed[i].a = c.steps[i].a;
        changed[i].kind = FW_STEP_DECIDED;
        ck_assert(!accepts(&w, &dead, changed, 3));
        changed[i].kind = FW_STEP_MEET;
        ck_assert(!accepts(&w, &dead, changed, 3));
        changed[i].kind = 99;
        ck_assert(!accepts(&w, &dead, changed, 3));
    }
    struct fw_step cut[3] = {{FW_STEP_CUT, 0, 0, 0}, c.steps[1], c.steps[2]};
    for (cut[0].a = 0; cut[0].a < 20; cut[0].a++) {
        for (cut[0].axis = 0; cut[0].axis < 12; cut[0].axis++) {
            ck_assert(!accepts(&w, &live, cut, 3));
        }
    }
    clear(&w);
}
END_TEST

START_TEST(returns_lead_around)
{
    struct world w;
    build(&w, "*filter\n:FORWARD DROP [0:0]\n:inner - [0:0]\n"
              "-A FORWARD -j inner\n"
              "-A FORWARD -p tcp -j DROP\n"
              "-A FORWARD -p udp -j DROP\n"
              "-A inner -p tcp -j RETURN\n"
              "-A inner -j ACCEPT\n"
              "COMMIT\n");
    struct fw_claim tcp = claim_on(&w, FW_CLAIM_DEAD, 2);
    struct fw_claim udp = claim_on(&w, FW_CLAIM_DEAD, 3);
    struct fw_certificate c;
    ck_assert_int_eq(write(&w, &tcp, 1000, &c), FW_WRITING_REFUTED);
    ck_assert_int_eq(write(&w, &udp, 1000, &c), FW_WRITING_DONE);
    ck_assert_uint_eq(c.n, 1);
    ck_assert(accepts(&w, &udp, c.steps, 1));
    ck_assert(!accepts(&w, &tcp, c.steps, 1)); /* the same ACCEPT, but the return leads around it */
    clear(&w);
}
END_TEST

START_TEST(what_decides_alike_comes_first)
{
    struct world w;
    build(&w, FILTER("-A FORWARD -s 10.1.0.0/16 -p tcp -j ACCEPT\n"
                     "-A FORWARD -s 10.2.0.0/16 -p tcp -j ACCEPT\n"
                     "-A FORWARD -s 10.2.3.0/24 -j DROP\n"
                     "-A FORWARD -s 10.0.0.0/8 -j ACCEPT\n"));
    struct fw_claim same = claim_on(&w, FW_CLAIM_SAME, 1);
    struct fw_claim other = claim_on(&w, FW_CLAIM_SAME, 2);
    struct fw_certificate c;
    ck_assert_int_eq(write(&w, &same, 1000, &c), FW_WRITING_DONE);
    ck_assert(accepts(&w, &same, c.steps, c.n));
    ck_assert_int_eq(write(&w, &other, 1000, &c), FW_WRITING_REFUTED);
    struct fw_step leaf = {FW_STEP_DECIDED, 0, 0, box_of(&w, 4)};
    ck_assert(accepts(&w, &same, &leaf, 1));
    ck_assert(!accepts(&w, &other, &leaf, 1)); /* a DROP comes between */
    leaf.b = box_of(&w, 3);
    ck_assert(!accepts(&w, &same, &leaf, 1)); /* another action */
    leaf.b = box_of(&w, 1);
    ck_assert(!accepts(&w, &same, &leaf, 1)); /* the rule itself is gone */
    clear(&w);
}
END_TEST

START_TEST(jumps_meet)
{
    struct world w;
    build(&w, "*filter\n:FORWARD DROP [0:0]\n:udp - [0:0]\n:any - [0:0]\n"
              "-A FORWARD -p tcp -j udp\n"
              "-A FORWARD -p tcp -j any\n"
              "-A FORWARD -p tcp -g udp\n"
              "-A FORWARD -p tcp -j ACCEPT\n"
              "-A FORWARD -p udp -j any\n"
              "-A FORWARD -p udp -j ACCEPT\n"
              "-A udp -p udp -j ACCEPT\n"
              "-A any -s 10.0.0.0/8 -j ACCEPT\n"
              "COMMIT\n");
    static const enum fw_writing expected[] = {FW_WRITING_DONE, FW_WRITING_REFUTED,
                                               FW_WRITING_REFUTED,
                                               FW_WRITING_DONE, /* nothing comes past the goto */
                                               FW_WRITING_DONE};
    struct fw_certificate c;
    for (uint32_t position = 1; position <= 5; position++) {
        struct fw_claim claim = claim_on(&w, FW_CLAIM_SAME, position);
        ck_assert_int_eq(write(&w, &claim, 1000, &c), expected[position - 1]);
        bool done = expected[position - 1] == FW_WRITING_DONE;
        ck_assert(!done || accepts(&w, &claim, c.steps, c.n));
        struct fw_step meet = {FW_STEP_MEET, 0, 0, 0};
        ck_assert(accepts(&w, &claim, &meet, 1) == (position == 1));
    }
    clear(&w);
}
END_TEST

START_TEST(unknowns_are_assumed_both_ways)
{
    struct world w;
    build(&w, FILTER("-A FORWARD -m set --match-set a src -j ACCEPT\n"
                     "-A FORWARD -m set ! --match-set a src -j ACCEPT\n"
                     "-A FORWARD -p tcp -j DROP\n"));
    struct fw_claim claim = claim_on(&w, FW_CLAIM_DEAD, 3);
    struct fw_certificate c;
    ck_assert_int_eq(write(&w, &claim, 1000, &c), FW_WRITING_DONE);
    ck_assert_uint_eq(c.n, 3);
    ck_assert_int_eq(c.steps[0].kind, FW_STEP_ASSUME);
    ck_assert(accepts(&w, &claim, c.steps, 3));
    struct fw_step swapped[3] = {c.steps[0], c.steps[2], c.steps[1]};
    ck_assert(!accepts(&w, &claim, swapped, 3));
    struct fw_step twice[5] = {c.steps[0], c.steps[0], c.steps[1], c.steps[1], c.steps[2]};
    ck_assert(!accepts(&w, &claim, twice, 5));
    swapped[0].a = w.program.nvariables;
    ck_assert(!accepts(&w, &claim, swapped, 3));
    clear(&w);
}
END_TEST

/* A cover of single ports, split off one within the other. */
static void check_depth(uint32_t rules, bool accepted)
{
    struct world w;
    struct fw_buf config;
    fw_buf_init(&config);
    fw_buf_add_cstr(&config, "*filter\n:FORWARD DROP [0:0]\n");
    for (uint32_t i = 0; i < rules; i++) {
        fw_buf_printf(&config, "-A FORWARD -p tcp --dport %u -j ACCEPT\n", i + 1000);
    }
    fw_buf_printf(&config, "-A FORWARD -p tcp --dport 1000:%u -j DROP\nCOMMIT\n", 999 + rules);
    build(&w, config.p);
    struct fw_step *steps = fw_new_array(&w.parsed.doc.arena, (size_t)rules * 2, struct fw_step);
    struct fw_claim claim = claim_on(&w, FW_CLAIM_DEAD, rules + 1);
    uint8_t axis = 0;
    size_t n = 0;
    while (w.program.space.used[axis] != FW_AXIS_dport) {
        axis++;
    }
    for (uint32_t i = 0; i < rules; i++) {
        uint32_t box = box_of(&w, i + 1);
        if (i + 1 < rules) {
            steps[n++] = (struct fw_step){FW_STEP_SPLIT, axis, box, 0};
        }
        steps[n++] = (struct fw_step){FW_STEP_BEFORE, 0, box, 0};
    }
    ck_assert(accepts(&w, &claim, steps, n) == accepted);
    struct fw_certificate c;
    ck_assert_int_eq(write(&w, &claim, 1000000, &c), FW_WRITING_DONE); /* halves instead */
    ck_assert(accepts(&w, &claim, c.steps, c.n));
    ck_assert_int_eq(write(&w, &claim, 100, &c), FW_WRITING_GAVE_UP);
    fw_buf_clear(&config);
    clear(&w);
}

START_TEST(depth_is_limited)
{
    check_depth(FW_LIMIT_CERTIFICATE_DEPTH, true);
    check_depth(FW_LIMIT_CERTIFICATE_DEPTH + 1, false);
}
END_TEST

static void analyse(struct world *w, const char *config, uint64_t work,
                    struct fw_analysis_report *ret)
{
    struct fw_analysis_options options = {.prove = true, .work = work};
    parsed_init(&w->parsed, &fw_parser_iptables_save, config);
    fw_ruleset_analyse(&w->parsed.doc.arena, &w->parsed.ruleset, &options, ret);
}

START_TEST(verdicts_are_proven)
{
    struct world w;
    struct fw_analysis_report report;
    analyse(&w,
            FILTER("-A FORWARD -p tcp --dport 22 -j ACCEPT\n" /* live */
                   "-A FORWARD -p tcp --dport 22 -j DROP\n"   /* shadowed */
                   "-A FORWARD -p udp -j ACCEPT\n"
                   "-A FORWARD -p udp --dport 53 -j ACCEPT\n"     /* redundant and dead */
                   "-A FORWARD -s 10.0.0.0/8 -p icmp -j ACCEPT\n" /* redundant, not dead */
                   "-A FORWARD -p icmp -j ACCEPT\n"),
            0, &report);
    static const enum fw_proof expected[] = {FW_PROOF_WITNESS,     FW_PROOF_CERTIFICATE,
                                             FW_PROOF_WITNESS,     FW_PROOF_CERTIFICATE,
                                             FW_PROOF_CERTIFICATE, FW_PROOF_WITNESS};
    for (size_t r = 0; r < 6; r++) {
        ck_assert_int_eq(report.policies[0].verdicts[r].proof, expected[r]);
    }
    ck_assert(report.proved);
    ck_assert_uint_eq(report.proofs[FW_PROOF_CERTIFICATE], 3);
    ck_assert_uint_eq(report.proofs[FW_PROOF_WITNESS], 3);
    ck_assert_uint_eq(report.proofs[FW_PROOF_WRONG], 0);
    ck_assert_uint_eq(report.proof_steps, 3);
    parsed_clear(&w.parsed);
}
END_TEST

/* A packet that comes to the last rule in one world of a thousand only: finding it takes turns. */
START_TEST(replays_take_turns)
{
    struct world w;
    build(&w, FILTER("-A FORWARD -m limit --limit 1/s -j ACCEPT\n"
                     "-A FORWARD -m limit --limit 2/s -j ACCEPT\n"
                     "-A FORWARD -p tcp -j DROP\n"));
    struct fw_packet packet = {
        .hook = FW_HOOK_FORWARD, .src = fw_ip4(1), .dst = fw_ip4(2), .has_proto = true, .proto = 6};
    struct fw_replay_question question = {.strips = &w.checker.strips,
                                          .packet = &packet,
                                          .item = claim_on(&w, FW_CLAIM_DEAD, 3).item,
                                          .work = FW_LIMIT_ENGINE_WORK};
    struct fw_arena *arena = &w.parsed.doc.arena;
    ck_assert_int_eq(fw_replay_packet(arena, &question), FW_REPLAY_YES);
    question.always = true;
    ck_assert_int_eq(fw_replay_packet(arena, &question), FW_REPLAY_NO);
    question.always = false;
    question.work = 1;
    ck_assert_int_eq(fw_replay_packet(arena, &question), FW_REPLAY_GAVE_UP);
    question.work = 1000;
    packet.proto = 17;
    ck_assert_int_eq(fw_replay_packet(arena, &question), FW_REPLAY_NO);
    packet.proto = 58; /* no such packet in IPv4 */
    ck_assert_int_eq(fw_replay_packet(arena, &question), FW_REPLAY_NO);
    clear(&w);
}
END_TEST

/* No box that overlaps is missed, and not all are found: more strips than there are bits in a word,
 * more ranks than strips. */
START_TEST(strips_find_what_overlaps)
{
    struct test_random random = test_random_start("strips");
    struct fw_buf config;
    struct world w;
    fw_buf_init(&config);
    fw_buf_add_cstr(&config, "*filter\n:FORWARD DROP [0:0]\n");
    for (unsigned i = 0; i < 500; i++) {
        uint64_t x = test_random_u64(&random);
        fw_buf_printf(&config, "-A FORWARD -s 10.%u.%u.0/%u -d 10.0.%u.%u/%u -p %s -j ACCEPT\n",
                      (unsigned)(x & 3), (unsigned)(x >> 2 & 252), (unsigned)(16 + (x >> 10 & 7)),
                      (unsigned)(x >> 13 & 255), (unsigned)(x >> 21 & 255),
                      (unsigned)(20 + (x >> 29) % 13), (x >> 40 & 1) != 0 ? "tcp" : "udp");
    }
    fw_buf_add_cstr(&config, "COMMIT\n");
    build(&w, config.p);
    const struct fw_program *program = &w.program;
    size_t touched = 0;
    size_t found = 0;
    for (unsigned turn = 0; turn < 300; turn++) {
        struct fw_interval hull[FW_AXIS_COUNT];
        for (unsigned axis = 0; axis < program->space.n; axis++) {
            uint64_t ranks = program->space.axes[program->space.used[axis]].ranks;
            uint32_t a = (uint32_t)(test_random_u64(&random) % ranks);
            uint32_t b = turn % 2 == 0 ? a : (uint32_t)(test_random_u64(&random) % ranks);
            hull[axis] = (struct fw_interval){a < b ? a : b, a < b ? b : a};
        }
        struct fw_strips_search search;
        fw_strips_ask(&w.checker.strips, hull, &search);
        uint32_t next = fw_strips_next(&search, 0);
        for (uint32_t i = 0; i < program->nboxes; i++) {
            bool overlaps = true;
            for (unsigned axis = 0; axis < program->space.n; axis++) {
                const struct fw_side *side = &program->boxes[i]->sides[axis];
                overlaps = overlaps && side->lo <= hull[axis].hi && hull[axis].lo <= side->hi;
            }
            ck_assert(!overlaps || next == i);
            touched += overlaps;
            found += next == i;
            next = next == i ? fw_strips_next(&search, i + 1) : next;
        }
        ck_assert_uint_eq(next, program->nboxes);
    }
    ck_assert_uint_gt(touched, 300);
    ck_assert_uint_lt(found, touched + touched / 2 + 3000);
    clear(&w);
    fw_buf_clear(&config);
}
END_TEST

Suite *fw_suite_certificate(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_union_is_taken_apart);
    tcase_add_test(tcase, returns_lead_around);
    tcase_add_test(tcase, what_decides_alike_comes_first);
    tcase_add_test(tcase, jumps_meet);
    tcase_add_test(tcase, unknowns_are_assumed_both_ways);
    tcase_add_test(tcase, depth_is_limited);
    tcase_add_test(tcase, verdicts_are_proven);
    tcase_add_test(tcase, replays_take_turns);
    tcase_add_test(tcase, strips_find_what_overlaps);
    suite_add_tcase(suite, tcase);
    return suite;
}
