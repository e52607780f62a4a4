/* What every dialect's reader begins with, says about a line, and ends with. */
#include "parsers/cisco.h"

void fw_cisco_init(struct fw_cisco *cisco, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    *cisco = (struct fw_cisco){.doc = doc, .ruleset = ruleset, .families = FW_FAMILY_BOTH};
    fw_pool_init(&cisco->pool, &doc->arena);
}

void fw_cisco_used(struct fw_cisco *cisco, const struct fw_cisco_line *line)
{
    fw_doc_mark(cisco->doc, line->number, FW_LINE_USED);
}

void fw_cisco_expect(struct fw_cisco *cisco, const struct fw_cisco_line *line, const char *what)
{
    fw_doc_bad(cisco->doc, line->number, line->text, "expected %s", what);
}

void fw_cisco_judge(struct fw_cisco *cisco, const struct fw_cisco_line *line, bool ok,
                    const char *expected)
{
    if (ok) {
        fw_cisco_used(cisco, line);
    } else {
        fw_cisco_expect(cisco, line, expected);
    }
}

struct fw_policy *fw_cisco_nat_policy(struct fw_cisco *cisco)
{
    struct fw_policy *policy = fw_new(&cisco->doc->arena, struct fw_policy);
    policy->name = FW_SV("nat");
    policy->table = FW_SV("nat");
    policy->families = FW_FAMILY_BOTH;
    policy->fallback = FW_ACTION_RETURN;
    policy->bound = true;
    return policy;
}

void fw_cisco_finish(struct fw_cisco *cisco, const struct fw_setting *settings, size_t nsettings)
{
    struct fw_ruleset *ruleset = cisco->ruleset;
    ruleset->implicit_deny = true;
    ruleset->nsettings = nsettings;
    ruleset->settings = settings;
    ruleset->ninterfaces = cisco->ninterfaces;
    ruleset->interfaces = cisco->interfaces;
    ruleset->nsecrets = cisco->doc->nsecrets;
    ruleset->secrets = cisco->doc->secrets;
    fw_ruleset_seal(&cisco->doc->arena, ruleset);
}
