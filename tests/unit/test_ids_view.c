/* Sensors put together from what was read: the ledger and its volumes, the delta, who is silenced,
 * advisories and decisions, and alerts against firewalls' verdicts. */
#include <check.h>
#include <string.h>

#include "analyzers/ids/view.h"
#include "analyzers/logs/source_view.h"
#include "core/geo.h"
#include "core/time.h"
#include "tests/unit/suites.h"

enum { DAY0 = 20545 }; /* 2026-04-02 */

static struct fw_arena arena;
static struct fw_facts facts;
static struct fw_device_facts device;
static struct fw_site_device declared;
static struct fw_site site;
static struct fw_idsrules rules, conf;
static const struct fw_idsrules *sets[2] = {&rules, &conf};
static struct fw_source_info infos[2];
static fw_sv paths[2];
static struct fw_source_view sources[2];
static uint8_t days[120];

static int64_t at(const char *text)
{
    int64_t ns;
    ck_assert(fw_time_parse(fw_sv_from(text), 0, false, &ns));
    return ns;
}

static void setup(void)
{
    fw_arena_init(&arena, 0);
    memset(days, 1, sizeof(days));
    rules = (struct fw_idsrules){0};
    conf = (struct fw_idsrules){0};
    paths[0] = FW_SV("a.rules");
    paths[1] = FW_SV("threshold.conf");
    declared = (struct fw_site_device){.name = FW_SV("ids1"), .kind = FW_DEVICE_IDS};
    device = (struct fw_device_facts){.name = FW_SV("ids1"),
                                      .declared = &declared,
                                      .nids = 2,
                                      .ids = sets,
                                      .ids_info = infos,
                                      .ids_paths = paths};
    site = (struct fw_site){.from_ns = at("2026-04-01"),
                            .to_ns = at("2026-06-30") + INT64_C(86399) * FW_NS_PER_SEC,
                            .review_months = 3};
    /* 2026-03-03 to 2026-06-30 */
    sources[0] = (struct fw_source_view){.name = FW_SV("ids1"),
                                         .device = FW_SV("ids1"),
                                         .has_time = true,
                                         .first_day = DAY0 - 30,
                                         .ndays = 120,
                                         .days = days};
    sources[1] = (struct fw_source_view){
        .name = FW_SV("fw1"), .device = FW_SV("fw1"), .traffic = 5, .judged_below = UINT64_MAX};
    sources[0].alerted_below = UINT64_MAX;
    facts = (struct fw_facts){.site = &site,
                              .has_as_of = true,
                              .as_of_ns = at("2026-07-05"),
                              .ndevices = 1,
                              .devices = &device,
                              .nsources = 2,
                              .sources = sources};
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

static const struct fw_sensor *sensor(void)
{
    struct fw_ids_view *view = fw_ids_view_make(&arena, &facts);
    ck_assert_uint_eq(view->n, 1);
    return &view->v[0];
}

static struct fw_tuning suppress(uint32_t sid, const char *reason, const char *date)
{
    struct fw_tuning t = {
        .kind = FW_TUNING_SUPPRESS, .select = FW_SELECT_SID, .gid = 1, .sid = sid, .sid_last = sid};
    t.note.reason = fw_sv_from(reason);
    t.note.author = FW_SV("Chen");
    t.note.date = fw_sv_from(date);
    t.note.dated.year = date[0] ? 2026 : 0;
    t.note.review_by = FW_SV("2026-06-30");
    t.note.due.year = 2026;
    return t;
}

/* Thirty days on each side, the day itself on none; days without logs do not count. */
START_TEST(volumes)
{
    struct fw_alert_day alerts[100];
    for (int i = 0; i < 100; i++) {
        alerts[i] = (struct fw_alert_day){
            .gid = 1, .sid = 7, .day = DAY0 - 30 + i, .count = 10, .priority = 2};
    }
    struct fw_tuning tunings[2] = {suppress(7, "noise", "2026-04-02"),
                                   suppress(8, "", "2026-06-25")};
    sources[0].alerts = alerts;
    sources[0].nalerts = 100;
    conf.conf.tunings = tunings;
    conf.conf.ntunings = 2;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->nledger, 2);
    ck_assert(s->ledger[0].has_volume);
    ck_assert_uint_eq(s->ledger[0].before.alerts, 300);
    ck_assert_uint_eq(s->ledger[0].before.days, 30);
    ck_assert_uint_eq(s->ledger[0].after.alerts, 300);
    ck_assert_uint_eq(s->ledger[0].missing, 0);
    ck_assert(s->ledger[0].overdue);
    ck_assert(s->ledger[0].silences);
    ck_assert_uint_eq(s->ledger[1].missing, FW_LEDGER_REASON);
    ck_assert_uint_eq(s->ledger[1].after.days, 5); /* the logs end on 06-30 */
    ck_assert_uint_eq(s->ledger[1].after.alerts, 0);
    ck_assert_uint_eq(s->alerts, 10 * 71); /* 04-01 to 06-10 */
    ck_assert_uint_eq(s->alerts_before, 10 * 29);
    ck_assert_uint_eq(s->alerts_total, 1000);
    ck_assert_uint_eq(s->alive.days, 91);
    ck_assert_uint_eq(s->alive.silent, 0);
    const struct fw_ids_signature *seven = fw_sensor_signature(s, 1, 7);
    ck_assert_ptr_nonnull(seven);
    ck_assert(seven->decided);
    ck_assert_ptr_eq(seven->silenced, &s->ledger[0]);
    ck_assert_ptr_null(fw_sensor_signature(s, 1, 9));
}
END_TEST

/* What the register says fills in, and does not replace. */
START_TEST(registers)
{
    struct fw_tuning tunings[2] = {suppress(7, "", "2026-04-02"), suppress(8, "mine", "")};
    struct fw_tuning_row rows[3] = {
        {.signature = FW_SV("1:7"), .gid = 1, .sid = 7, .reason = FW_SV("theirs")},
        {.signature = FW_SV("1:8"), .gid = 1, .sid = 8, .reason = FW_SV("theirs")},
        {.signature = FW_SV("1:7"),
         .device = FW_SV("ids2"),
         .gid = 1,
         .sid = 7,
         .ticket = FW_SV("C-9")},
    };
    rows[1].date_ns = at("2026-05-01");
    rows[0].date_ns = rows[2].date_ns = INT64_MIN;
    rows[0].review_ns = rows[1].review_ns = rows[2].review_ns = INT64_MIN;
    struct fw_tuning_register reg = {3, rows};
    facts.tuning = &reg;
    conf.conf.tunings = tunings;
    conf.conf.ntunings = 2;
    const struct fw_sensor *s = sensor();
    ck_assert(fw_sv_is(s->ledger[0].reason, "theirs"));
    ck_assert_uint_eq(s->ledger[0].ticket.n, 0); /* another sensor's */
    ck_assert(fw_sv_is(s->ledger[1].reason, "mine"));
    ck_assert(fw_sv_is(s->ledger[1].date, "2026-05-01"));
    ck_assert(s->ledger[0].from_register && s->ledger[1].from_register);
}
END_TEST

START_TEST(changes)
{
    struct fw_tuning tunings[3] = {suppress(7, "same", "2026-04-02"), suppress(8, "new words", ""),
                                   suppress(9, "=1+1", "2026-04-02")};
    conf.conf.tunings = tunings;
    conf.conf.ntunings = 3;
    facts.ledger_before = FW_SV(
        "\xef\xbb\xbf"
        "device,kind,signature,scope,reason,author,date,review_by,ticket,change\n"
        "ids1,suppress,1:7,,same,Chen,2026-04-02,2026-06-30,,\n"
        "ids1,suppress,1:8,,old words,Chen,,2026-06-30,,new\n"
        "ids1,suppress,1:9,,'=1+1,Chen,2026-04-02,2026-06-30,,\n"
        "ids1,suppress,1:10,,gone,Chen,,,,same\n"
        "ids1,suppress,1:11,,gone before,Chen,,,,removed\n"
        "ids2,suppress,1:12,,of another,Chen,,,,same\n");
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->nledger, 3);
    ck_assert_uint_eq(s->nremoved, 1);
    ck_assert_int_eq(s->ledger[0].change, FW_LEDGER_SAME);
    ck_assert_int_eq(s->ledger[1].change, FW_LEDGER_CHANGED);
    ck_assert_int_eq(s->ledger[2].change, FW_LEDGER_SAME);
    ck_assert_int_eq(s->ledger[3].change, FW_LEDGER_REMOVED);
    ck_assert(fw_sv_is(s->ledger[3].signature, "1:10"));
    facts.ledger_before = FW_SV("something else\n");
    ck_assert_int_eq(sensor()->ledger[0].change, FW_LEDGER_UNKNOWN);
}
END_TEST

/* Priority: what alerts say, then the sensor's classes, then the usual ones. */
START_TEST(silenced)
{
    struct fw_signature v[5] = {
        {.gid = 1, .sid = 10, .enabled = true, .classtype = FW_SV("mine"), .priority = 4},
        {.gid = 1, .sid = 7, .enabled = true, .classtype = FW_SV("trojan-activity")},
        {.gid = 1, .sid = 1000001, .enabled = false, .classtype = FW_SV("attempted-admin")},
        {.gid = 1, .sid = 8, .enabled = false, .classtype = FW_SV("attempted-admin")},
        {.gid = 1, .sid = 9, .enabled = true, .classtype = FW_SV("mine")},
    };
    struct fw_ids_class classes[2] = {{.name = FW_SV("mine"), .priority = 1},
                                      {.name = FW_SV("trojan-activity"), .priority = 3}};
    struct fw_alert_day alert = {.gid = 1, .sid = 9, .day = DAY0, .count = 1, .priority = 2};
    rules.v = v;
    rules.n = 5;
    conf.conf.classes = classes;
    conf.conf.nclasses = 2;
    sources[0].alerts = &alert;
    sources[0].nalerts = 1;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(fw_sensor_signature(s, 1, 7)->priority, 3);
    ck_assert_uint_eq(fw_sensor_signature(s, 1, 9)->priority, 2);
    ck_assert_uint_eq(fw_sensor_signature(s, 1, 1000001)->priority, 1);
    ck_assert(fw_sensor_signature(s, 1, 1000001)->switched_off);
    ck_assert(!fw_sensor_signature(s, 1, 8)->switched_off); /* as shipped */
    ck_assert_uint_eq(fw_sensor_signature(s, 1, 10)->priority, 4);
    ck_assert_uint_eq(s->enabled, 3);
    ck_assert_uint_eq(s->never_fired, 2);
}
END_TEST

/* A rule that lets traffic pass unseen is tuning; one that is off is none. */
START_TEST(pass_rules)
{
    struct fw_signature v[2] = {
        {.gid = 1, .sid = 1000009, .enabled = true, .action = FW_SV("pass")},
        {.gid = 1, .sid = 1000010, .enabled = false, .action = FW_SV("pass")},
    };
    v[0].note.reason = FW_SV("backup host");
    v[0].note.author = FW_SV("Chen");
    rules.v = v;
    rules.n = 2;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->nledger, 1);
    ck_assert(fw_sv_is(s->ledger[0].kind, "pass"));
    ck_assert(fw_sv_is(s->ledger[0].signature, "1:1000009"));
    ck_assert(fw_sv_is(s->ledger[0].reason, "backup host"));
    ck_assert_uint_eq(s->ledger[0].missing, FW_LEDGER_DATE | FW_LEDGER_REVIEW);
}
END_TEST

static struct fw_tuning option(uint32_t sid, uint32_t count)
{
    return (struct fw_tuning){.kind = FW_TUNING_THRESHOLD,
                              .select = FW_SELECT_SID,
                              .gid = 1,
                              .sid = sid,
                              .sid_last = sid,
                              .in_rule = true,
                              .track = FW_TRACK_BY_SRC,
                              .type = FW_SV("limit"),
                              .has_count = true,
                              .count = count,
                              .has_seconds = true,
                              .seconds = 60};
}

/* An option of a rule is tuning when the rule is the sensor's own, or differs from the archive. Of
 * what was unpacked the archive says nothing any more. */
START_TEST(options_of_rules)
{
    struct fw_signature unpacked[] = {
        {.gid = 1, .sid = 1000001, .enabled = true},
        {.gid = 1, .sid = 2900001, .enabled = true},
        {.gid = 1, .sid = 2900002, .enabled = true},
        {.gid = 1, .sid = 2900003, .enabled = false},
    };
    struct fw_signature archive[] = {
        {.gid = 1, .sid = 2900001, .enabled = true},
        {.gid = 1, .sid = 2900002, .enabled = true},
        {.gid = 1, .sid = 2900003, .enabled = true},
        {.gid = 1, .sid = 2900004, .enabled = true, .action = FW_SV("pass")},
        {.gid = 1, .sid = 2900005, .enabled = true},
    };
    struct fw_tuning ours[] = {option(1000001, 1), option(2900001, 1), option(2900002, 9)};
    struct fw_tuning theirs[] = {option(2900005, 3), option(2900002, 1), option(2900001, 1)};
    rules.v = unpacked;
    rules.n = 4;
    rules.conf.tunings = ours;
    rules.conf.ntunings = 3;
    conf.v = archive;
    conf.n = 5;
    conf.delivered = true;
    conf.conf.tunings = theirs;
    conf.conf.ntunings = 3;
    const struct fw_sensor *s = sensor();
    static const struct {
        const char *signature;
        bool published, recorded;
    } want[] = {
        {"1:1000001", false, true}, /* the sensor's own */
        {"1:2900001", true, false}, /* as delivered */
        {"1:2900002", false, true}, /* was 1 in 60 s */
        {"1:2900005", true, false}, /* not unpacked */
        {"1:2900004", false, true}, /* a pass rule of the archive, not unpacked either */
    };
    ck_assert_uint_eq(s->nledger, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert(fw_sv_is(s->ledger[i].signature, want[i].signature));
        ck_assert_int_eq(s->ledger[i].published, want[i].published);
        ck_assert_int_eq(s->ledger[i].recorded, want[i].recorded);
        ck_assert_int_eq(s->ledger[i].missing == 0, want[i].published);
    }
    ck_assert(!fw_sensor_signature(s, 1, 2900003)->enabled);
    ck_assert(!fw_sensor_signature(s, 1, 2900001)->decided);
    ck_assert_uint_eq(s->nsignatures, 6);
    ck_assert_uint_eq(s->enabled, 4);
}
END_TEST

START_TEST(advisories)
{
    struct fw_affected affected = {.product = FW_SV("snort"),
                                   .version = FW_SV("*"),
                                   .end = FW_SV("2.9.21"),
                                   .end_excluded = true};
    struct fw_advisory v[4] = {{.id = FW_SV("CVE-1"), .score10 = 50, .has_score = true},
                               {.id = FW_SV("CVE-2"), .score10 = 98, .has_score = true},
                               {.id = FW_SV("CVE-3"), .score10 = 75, .has_score = true},
                               {.id = FW_SV("CVE-4"), .score10 = 90, .has_score = true}};
    for (int i = 0; i < 3; i++) {
        v[i].affected = &affected;
        v[i].naffected = 1;
    }
    struct fw_advisories feed = {.n = 4, .v = v, .time_ns = at("2026-06-28")};
    struct fw_advisory_decision rows[4] = {
        {.cve = FW_SV("CVE-1"), .decision = FW_SV("accept"), .by = FW_SV("Chen")},
        {.cve = FW_SV("CVE-2"), .decision = FW_SV("update"), .by = FW_SV("Chen")},
        {.cve = FW_SV("CVE-3"), .decision = FW_SV("update"), .by = FW_SV("")},
        {.cve = FW_SV("CVE-1"),
         .device = FW_SV("ids2"),
         .decision = FW_SV("update"),
         .by = FW_SV("Li")},
    };
    for (int i = 0; i < 4; i++) {
        rows[i].decided_ns = at("2026-05-01");
        rows[i].due_ns = at("2026-06-01");
        rows[i].done_ns = INT64_MIN;
    }
    rows[0].due_ns = INT64_MIN;
    struct fw_advisory_decisions list = {4, rows};
    struct fw_ids_engine engine = {.product = FW_SV("snort"), .version = FW_SV("2.9.20")};
    conf.conf.engines = &engine;
    conf.conf.nengines = 1;
    facts.nadvisories = 1;
    facts.advisories = &feed;
    facts.advisory_decisions = &list;
    struct fw_ids_view *view = fw_ids_view_make(&arena, &facts);
    const struct fw_sensor *s = &view->v[0];
    ck_assert(view->feed_current);
    ck_assert_uint_eq(s->nadvisories, 3);
    ck_assert(fw_sv_is(s->advisories[0].advisory->id, "CVE-2"));
    ck_assert_int_eq(s->advisories[0].state, FW_IDS_OVERDUE);
    ck_assert_int_eq(s->advisories[1].state, FW_IDS_UNDECIDED); /* by nobody */
    ck_assert_int_eq(s->advisories[2].state, FW_IDS_DECIDED);
    feed.time_ns = at("2026-03-31");
    ck_assert(!fw_ids_view_make(&arena, &facts)->feed_current);
}
END_TEST

/* The last capture counts, also after a step back; each product for itself; what a configuration is
 * written for is no engine. */
START_TEST(engines)
{
    struct fw_ids_engine v[] = {
        {.product = FW_SV("suricata"), .version = FW_SV("7.0.8")},
        {.product = FW_SV("snort"), .version = FW_SV("3.1.84.0")},
        {.product = FW_SV("suricata"), .version = FW_SV("7.0.3")},
        {.product = FW_SV("suricata"), .version = FW_SV("8.0"), .series = true},
    };
    struct fw_affected affected = {.product = FW_SV("suricata"),
                                   .version = FW_SV("*"),
                                   .end = FW_SV("7.0.6"),
                                   .end_excluded = true};
    struct fw_advisory advisory = {.id = FW_SV("CVE-1"), .naffected = 1, .affected = &affected};
    struct fw_advisories feed = {.n = 1, .v = &advisory, .time_ns = at("2026-06-28")};
    conf.conf.engines = v;
    conf.conf.nengines = 4;
    facts.nadvisories = 1;
    facts.advisories = &feed;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->nengines, 2);
    ck_assert(fw_sv_is(s->engines[0].version, "7.0.3"));
    ck_assert(fw_sv_is(s->engines[1].version, "3.1.84.0"));
    ck_assert_uint_eq(s->nadvisories, 1);
    ck_assert_uint_eq(s->advisories[0].engine, 0);
    v[0].dated = true; /* later than the one behind it */
    v[0].date = (struct fw_date){2026, 6, 2};
    v[2].dated = true;
    v[2].date = (struct fw_date){2026, 6, 1};
    s = sensor();
    ck_assert(fw_sv_is(s->engines[0].version, "7.0.8"));
    ck_assert_uint_eq(s->nadvisories, 0);
    conf.conf.engines = &v[3];
    conf.conf.nengines = 1;
    ck_assert_uint_eq(sensor()->nengines, 0);
}
END_TEST

/* Rules that only set marks, or let pass, never alert; an entry about what no file says anything of
 * may be about anything. */
START_TEST(quiet_rules)
{
    struct fw_signature v[] = {
        {.gid = 1, .sid = 1, .enabled = true, .action = FW_SV("alert"), .noalert = true},
        {.gid = 1, .sid = 2, .enabled = true, .action = FW_SV("pass")},
        {.gid = 1, .sid = 3, .enabled = true, .action = FW_SV("alert")},
        {.gid = 1, .sid = 4, .enabled = true, .classtype = FW_SV("of-our-own")},
        {.gid = 1, .sid = 5, .enabled = true, .classtype = FW_SV("misc-activity")},
    };
    struct fw_tuning tunings[] = {suppress(3, "", ""), suppress(4, "", ""), suppress(5, "", ""),
                                  suppress(6, "", ""), suppress(5, "", "")};
    tunings[4].addresses = FW_SV("[192.0.2.1, 0.0.0.0/0]");
    rules.v = v;
    rules.n = 5;
    conf.conf.tunings = tunings;
    conf.conf.ntunings = 5;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->enabled, 0); /* two are quiet, three silenced */
    ck_assert_uint_eq(s->nledger, 6); /* the pass rule is the first */
    for (size_t i = 1; i < 6; i++) {
        ck_assert(s->ledger[i].silences);
        ck_assert_int_eq(s->ledger[i].unranked, i == 2 || i == 4);
    }
    conf.conf.ntunings = 0;
    s = sensor();
    ck_assert_uint_eq(s->enabled, 3);
    ck_assert_uint_eq(s->never_fired, 3);
}
END_TEST

/* suricata-update enables after it disables; elsewhere the rule that was written out tells. */
START_TEST(enabled_again)
{
    struct fw_signature v = {.gid = 1, .sid = 7, .enabled = true, .priority = 1};
    struct fw_tuning tunings[2] = {suppress(7, "", ""), suppress(7, "", "")};
    tunings[0].kind = FW_TUNING_DISABLE;
    tunings[1].kind = FW_TUNING_ENABLE;
    rules.v = &v;
    rules.n = 1;
    conf.conf.tunings = tunings;
    conf.conf.ntunings = 2;
    ck_assert_ptr_null(fw_sensor_signature(sensor(), 1, 7)->silenced);
    v.enabled = false;
    ck_assert_ptr_nonnull(fw_sensor_signature(sensor(), 1, 7)->silenced);
    rules.delivered = true; /* as it came, not as it runs */
    ck_assert_ptr_nonnull(fw_sensor_signature(sensor(), 1, 7)->silenced);
    paths[1] = FW_SV("etc/enable.conf");
    ck_assert_ptr_null(fw_sensor_signature(sensor(), 1, 7)->silenced);
}
END_TEST

/* Between runs that ended well, and from the last one to the day counted from. */
START_TEST(updates)
{
    struct fw_ids_update v[] = {
        {.has_time = true, .time = {.year = 2026, .month = 6, .day = 20}, .ok = true},
        {.has_time = true, .time = {.year = 2026, .month = 6, .day = 10}, .failed = true},
        {.has_time = true, .time = {.year = 2026, .month = 3, .day = 30}, .ok = true},
        {.has_time = true, .time = {.year = 2025, .month = 1, .day = 1}, .ok = true},
    };
    ck_assert(!sensor()->cadence.known);
    conf.conf.updates = v;
    conf.conf.nupdates = 4;
    const struct fw_ids_cadence *c = &sensor()->cadence;
    ck_assert(c->known && c->has_last);
    ck_assert_uint_eq(c->ok, 1);
    ck_assert_uint_eq(c->failed, 1);
    ck_assert_int_eq(c->longest, 82); /* 03-30 to 06-20; what was before the period is over */
    conf.conf.nupdates = 1;
    ck_assert_int_eq(sensor()->cadence.longest, 15); /* to 07-05 */
}
END_TEST

static struct fw_contact contact(uint64_t key, int64_t second, uint32_t sid, uint8_t outcome)
{
    int64_t ns = at("2026-05-01") + second * FW_NS_PER_SEC;
    return (struct fw_contact){.key = key,
                               .first = ns,
                               .last = ns,
                               .count = 1,
                               .gid = 1,
                               .sid = sid,
                               .src = fw_ip4(0xcb007101),
                               .dst = fw_ip4(0xc0000201),
                               .priority = 1,
                               .outcome = outcome};
}

START_TEST(attacks)
{
    const struct fw_contact alerts[] = {
        contact(1, 0, 7, FW_CONTACT_UNKNOWN), /* let through five minutes later */
        contact(2, 0, 7, FW_CONTACT_UNKNOWN), /* let through too late for it */
        contact(3, 0, 7, FW_CONTACT_UNKNOWN), /* refused */
        contact(4, 0, 8, FW_CONTACT_UNKNOWN), /* refused by one, let through by the next line */
        contact(5, 0, 8, FW_CONTACT_UNKNOWN), /* in no log */
        contact(9, 0, 8, FW_CONTACT_UNKNOWN), /* not kept of the log */
    };
    const struct fw_contact judged[] = {
        contact(1, 300, 0, FW_CONTACT_ALLOWED), contact(2, 301, 0, FW_CONTACT_ALLOWED),
        contact(3, -300, 0, FW_CONTACT_DENIED), contact(4, 0, 0, FW_CONTACT_DENIED),
        contact(4, 1, 0, FW_CONTACT_ALLOWED),
    };
    struct fw_geo_range range = {{fw_ip4(0xcb007100), fw_ip4(0xcb0071ff)}, {"XX"}};
    struct fw_geo geo = {.n = 1, .v = &range};
    facts.geo = &geo;
    sources[0].alerted = (struct fw_contact_list){6, alerts};
    sources[1].judged = (struct fw_contact_list){5, judged};
    sources[1].judged_below = 9;
    const struct fw_ids_attacks *a = &sensor()->attacks;
    ck_assert(a->has_firewall && a->sampled);
    ck_assert_uint_eq(a->sum.alerts, 6);
    ck_assert_uint_eq(a->sum.allowed, 2);
    ck_assert_uint_eq(a->sum.denied, 1);
    ck_assert_uint_eq(a->sum.unseen, 2);
    ck_assert_uint_eq(a->sum.unsampled, 1);
    ck_assert_uint_eq(a->n, 2);
    ck_assert_uint_eq(a->v[0].sid, 7);
    ck_assert_uint_eq(a->npassed, 2);
    ck_assert(fw_sv_is(a->passed[0].firewall, "fw1"));
    ck_assert_str_eq(a->passed[0].country.code, "XX");
    ck_assert_uint_eq(a->ncountries, 1);
    ck_assert_uint_eq(a->countries[0].alerts, 6);
    ck_assert_uint_eq(a->countries[0].allowed, 2);
}
END_TEST

/* A day on which nothing was heard, and counters of the period only. */
START_TEST(silence_and_loss)
{
    const struct fw_sensor_day counters[] = {
        {.day = DAY0 - 10, .captured = 1000, .dropped = 900},
        {.day = DAY0, .captured = 1000, .dropped = 10},
        {.day = DAY0 + 1, .captured = 500, .dropped = 5},
    };
    days[40] = 0; /* 2026-04-12 */
    days[3] = 0;  /* before the period */
    sources[0].sensor = counters;
    sources[0].nsensor = 3;
    const struct fw_sensor *s = sensor();
    ck_assert_uint_eq(s->alive.silent, 1);
    ck_assert_int_eq(s->alive.first_silent, DAY0 + 10);
    ck_assert(s->has_counters);
    ck_assert_uint_eq(s->captured, 1500);
    ck_assert_uint_eq(s->dropped, 15);
}
END_TEST

Suite *fw_suite_ids_view(void)
{
    Suite *suite = suite_create("ids_view");
    TCase *tc = tcase_create("ids_view");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, volumes);
    tcase_add_test(tc, registers);
    tcase_add_test(tc, changes);
    tcase_add_test(tc, silenced);
    tcase_add_test(tc, pass_rules);
    tcase_add_test(tc, options_of_rules);
    tcase_add_test(tc, advisories);
    tcase_add_test(tc, engines);
    tcase_add_test(tc, quiet_rules);
    tcase_add_test(tc, enabled_again);
    tcase_add_test(tc, updates);
    tcase_add_test(tc, attacks);
    tcase_add_test(tc, silence_and_loss);
    suite_add_tcase(suite, tc);
    return suite;
}
