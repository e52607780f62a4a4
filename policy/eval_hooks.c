/* Which policies a packet meets at the hooks of netfilter: those of each hook by priority. */
#include "policy/arrive.h"
#include "policy/eval_impl.h"
#include "policy/tracking.h"

/* Rules of address translation see the packets that open connections. What is invalid or untracked
 * is not translated; what belongs to a connection is translated as its first packet was, and of a
 * packet that only may belong to one that is not known. */
static bool meets_nat(struct fw_eval *walk)
{
    if (fw_packet_opens(&walk->packet)) {
        return true;
    }
    return !walk->packet.has_state && fw_eval_choose(walk, 2) == 0;
}

/* A packet that is never tracked is invalid to the rules before, like every other, and untracked
 * from here on. */
static void track(struct fw_eval *walk)
{
    if (walk->never_tracked) {
        walk->packet.state = FW_STATE_UNTRACKED;
        walk->never_tracked = false;
    }
}

/* All policies of one netfilter hook by priority; false: refused. */
static bool walk_hook(struct fw_eval *walk, enum fw_hook hook)
{
    int done = INT32_MIN;
    for (;;) {
        int next = INT32_MAX;
        for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
            const struct fw_policy *policy = walk->ruleset->policies[i];
            if (policy->hook == hook && policy->priority > done && policy->priority < next) {
                next = policy->priority;
            }
        }
        if (next >= FW_TRACKING_PRIORITY) {
            track(walk);
        }
        if (next == INT32_MAX) {
            return true;
        }
        for (size_t i = 0; i < walk->ruleset->npolicies; i++) {
            const struct fw_policy *policy = walk->ruleset->policies[i];
            if (policy->hook != hook || policy->priority != next ||
                (policy->nat && !meets_nat(walk))) {
                continue;
            }
            const struct fw_policy *said = walk->policy;
            const struct fw_rule *rule = walk->rule;
            bool by_default = walk->by_default;
            bool undecided;
            if (!fw_eval_policy(walk, policy, &undecided)) {
                return false;
            }
            if (!policy->decides) { /* passing nat or mangle is no verdict */
                walk->policy = said;
                walk->rule = rule;
                walk->by_default = by_default;
            }
        }
        done = next;
    }
}

void fw_eval_hooks(struct fw_eval *walk)
{
    fw_packet_arrive(&walk->packet);
    walk->never_tracked = walk->packet.has_state && walk->packet.state == FW_STATE_UNTRACKED;
    if (walk->never_tracked) {
        walk->packet.state = FW_STATE_INVALID;
    }
    enum fw_hook hook = walk->packet.hook;
    walk->verdict = FW_VERDICT_PERMIT;
    walk->by_default = true;
    if (hook != FW_HOOK_OUTPUT && !walk_hook(walk, FW_HOOK_PREROUTING)) {
        return;
    }
    if (walk_hook(walk, hook) && hook != FW_HOOK_INPUT) {
        walk_hook(walk, FW_HOOK_POSTROUTING);
    }
}
