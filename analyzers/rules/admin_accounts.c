/* RAM-005: what is wrong with the accounts of administrators, as far as the configuration, the logs
 * and the agency's own review of them say? */
#include "analyzers/rules/about.h"

#include <string.h>

#include "analyzers/fixes/fix.h"
#include "analyzers/logs/axis.h"
#include "analyzers/logs/source_view.h"

/* Names that everybody tries first. */
static const char *const defaults[] = {"admin", "administrator", "root",  "cisco",  "pix",
                                       "asa",   "fortinet",      "super", "guest",  "test",
                                       "user",  "support",       "demo",  "manager"};
enum { DEFAULTS = sizeof(defaults) / sizeof(defaults[0]) };

struct subject {
    const struct fw_facts *facts;
    struct fw_results *results;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    bool central;
    int64_t idle_ns;
    uint64_t total, found, unknown;
    fw_sv first_unknown;
};

static bool is_default(fw_sv name)
{
    for (size_t i = 0; i < DEFAULTS; i++) {
        if (fw_sv_is_nocase(name, defaults[i])) {
            return true;
        }
    }
    return false;
}

/* Some server besides the device itself knows who may come in. */
static bool is_central(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        fw_sv rest = setting->value;
        fw_sv last = FW_SV("");
        fw_sv word;
        while (fw_sv_word(&rest, &word)) {
            last = word;
        }
        if (setting->kind == FW_SETTING_AAA && !fw_sv_is(last, "LOCAL")) {
            return true;
        }
    }
    return false;
}

/* FortiOS asks each account from where it may be used; without an answer, from anywhere. Of other
 * devices RAM-002 tells the same as a whole. */
static bool is_from_anywhere(const struct fw_ruleset *ruleset, const struct fw_setting *user)
{
    bool any = true;
    if (!ruleset->format || strcmp(ruleset->format, "fortios") != 0) {
        return false;
    }
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *s = &ruleset->settings[i];
        if (s->kind == FW_SETTING_ADMIN_ACCESS && fw_sv_is(s->value, "admin") &&
            fw_sv_eq(s->extra, user->value) && s->range.lo.family != 0) {
            fw_iprange all = fw_iprange_all((enum fw_family)s->range.lo.family);
            if (fw_ip_eq(s->range.lo, all.lo) && fw_ip_eq(s->range.hi, all.hi)) {
                return true;
            }
            any = false;
        }
    }
    return any;
}

/* The newest review of the account; NULL: nobody reviewed it. */
static const struct fw_account *review_of(const struct subject *s, fw_sv name)
{
    const struct fw_accounts *list = s->facts->accounts;
    const struct fw_account *newest = NULL;
    for (size_t i = 0; list && i < list->n; i++) {
        const struct fw_account *row = &list->v[i];
        if (fw_sv_eq_nocase(row->device, s->device->name) && fw_sv_eq(row->name, name) &&
            (row->review_ns == INT64_MIN || row->review_ns <= s->facts->as_of_ns) &&
            (!newest || row->review_ns >= newest->review_ns)) {
            newest = row;
        }
    }
    return newest;
}

/* The last time that the logs of the device show somebody in with the account. What they do not
 * show may be lost or never have been sent: INT64_MIN says nothing. */
static int64_t last_in_logs(const struct subject *s, fw_sv name)
{
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < s->facts->nsources; i++) {
        const struct fw_source_view *source = &s->facts->sources[i];
        for (size_t k = source->nadmin; k > 0 && fw_sv_eq(source->device, s->device->name); k--) {
            const struct fw_view_admin *event = &source->admin[k - 1];
            if (event->succeeded && fw_sv_eq(event->user, name) &&
                event->ns <= s->facts->as_of_ns) {
                last = event->ns > last ? event->ns : last;
                break; /* they are sorted by time */
            }
        }
    }
    return last;
}

/* What is wrong is that the account is there. What else may be wrong (two people share it, no
 * server asks for a second factor, nobody reviewed it) no command ends. */
static bool ends_with_it(const char *reason)
{
    static const char *const reasons[] = {"default_name", "still_there", "idle", "never_used"};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (strcmp(reason, reasons[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void add_finding(struct subject *s, const struct fw_setting *user, const char *reason)
{
    /* What the configuration alone says has the account as its subject. */
    bool plain = strcmp(reason, "default_name") == 0 || strcmp(reason, "local_only") == 0;
    fw_sv subject = user->value;
    if (!plain) {
        subject = fw_arena_printf(s->results->arena, "%.*s %s", FW_SV_ARG(user->value), reason);
    }
    struct fw_result *result = fw_results_add(s->results, "RAM-005", FW_RESULT_FAIL,
                                              s->device->name, "fail", subject);
    fw_result_at(result, s->snapshot->path, s->snapshot->sha256, user->span);
    fw_result_param(s->results, result, "user", user->value);
    fw_result_param_u64(s->results, result, "line", user->span.line);
    fw_result_param(s->results, result, "reason", fw_sv_from(reason));
    if (ends_with_it(reason)) {
        result->fix = fw_fix_user(s->results->arena, s->snapshot->ruleset, s->snapshot->doc,
                                  user->value);
    }
    s->found++;
}

/* NULL: it was in use not long ago, or nobody knows, which is left in *ret_known. */
static const char *idle_reason(const struct subject *s, const struct fw_account *review,
                               int64_t in_logs, bool *ret_known)
{
    int64_t last = review && review->last_ns > in_logs ? review->last_ns : in_logs;
    int64_t begin = s->facts->as_of_ns - s->idle_ns;
    *ret_known = true;
    if (last != INT64_MIN && last >= begin) {
        return NULL;
    }
    /* Who came in since the review does not stand in it. */
    bool told = review && review->review_ns != INT64_MIN &&
                (review->never_used || review->last_ns != INT64_MIN);
    if (told && (last == INT64_MIN || review->review_ns - last > s->idle_ns)) {
        return last == INT64_MIN ? "never_used" : "idle";
    }
    *ret_known = false;
    return NULL;
}

/* What only people can say: nobody is asked on bare files. */
static void judge_review(struct subject *s, const struct fw_setting *user)
{
    const struct fw_account *review = review_of(s, user->value);
    bool known = false;
    const char *idle = idle_reason(s, review, last_in_logs(s, user->value), &known);
    bool decided = review && review->review_ns != INT64_MIN &&
                   review->review_ns >= s->facts->site->from_ns && review->reviewer.n > 0 &&
                   review->verdict != FW_ACCOUNT_NOT_SAID;
    if (review && review->shared) {
        add_finding(s, user, "shared_account");
    }
    if (!decided) {
        add_finding(s, user, "no_verdict");
    } else if (review->verdict == FW_ACCOUNT_GO) {
        add_finding(s, user, "still_there");
    }
    if (idle) {
        add_finding(s, user, idle);
    } else if (!known && s->unknown++ == 0) {
        s->first_unknown = user->value;
    }
}

static void judge_user(struct subject *s, const struct fw_setting *user)
{
    const struct fw_account *review = review_of(s, user->value);
    s->total++;
    if (is_default(user->value)) {
        add_finding(s, user, "default_name");
    } else if (!s->central && !(review && review->mfa)) {
        add_finding(s, user, "local_only");
    }
    if (is_from_anywhere(s->snapshot->ruleset, user)) {
        add_finding(s, user, "from_anywhere");
    }
    if (s->facts->site && s->facts->accounts) {
        judge_review(s, user);
    }
}

static void judge(struct subject *s)
{
    const struct fw_ruleset *ruleset = s->snapshot->ruleset;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        if (ruleset->settings[i].kind == FW_SETTING_USER) {
            judge_user(s, &ruleset->settings[i]);
        }
    }
    if (s->found > 0) {
        return;
    }
    bool reviewed = s->facts->site && s->facts->accounts;
    const char *words = s->total == 0    ? "open.no_users"
                        : !reviewed      ? "open.no_logins"
                        : s->unknown > 0 ? "open.last_login"
                                         : "pass";
    bool pass = words[0] == 'p';
    struct fw_result *result = fw_about_policy(s->results, "RAM-005",
                                               pass ? FW_RESULT_PASS : FW_RESULT_OPEN, s->device,
                                               s->snapshot, NULL, words);
    if (pass) {
        fw_about_count(s->results, result, 0, s->total, 0);
        return;
    }
    fw_result_param_u64(s->results, result, "n", s->unknown);
    fw_result_param(s->results, result, "first", s->first_unknown);
    fw_result_param_u64(s->results, result, "total", s->total);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    double days = fw_facts_threshold(facts, "RAM-005.idle_days", 90);
    while ((snapshot = fw_about_next(facts, results, "RAM-005", &index, &device))) {
        struct subject s = {.facts = facts,
                            .results = results,
                            .device = device,
                            .snapshot = snapshot,
                            .central = is_central(snapshot->ruleset),
                            .idle_ns = (int64_t)days * FW_NS_PER_DAY};
        judge(&s);
    }
}

const struct fw_analyzer fw_analyzer_admin_accounts = {
    .check = "RAM-005",
    .rules = true,
    .run = run,
};
