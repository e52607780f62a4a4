/* A rule in the words of `parse --json`: one flat object, its sets as text. */
#ifndef FW_POLICY_PRINT_H
#define FW_POLICY_PRINT_H

#include "core/buf.h"
#include "core/json.h"
#include "policy/model.h"

/* "any", "443", "20-21,80"; flags and states by number as well. */
void fw_numset_text(struct fw_buf *buf, const struct fw_numset *set);
/* "any", "tcp", "tcp,udp", "1-5" */
void fw_protoset_text(struct fw_buf *buf, const struct fw_numset *set);
/* "any", "new,established" */
void fw_stateset_text(struct fw_buf *buf, const struct fw_numset *set);
/* "any", "8/0", "3/0-3/255" */
void fw_icmpset_text(struct fw_buf *buf, const struct fw_numset *set);

/* source and destination are of all terms together; service has one entry for each different
 * product of protocol, ports, ICMP types, flags and states. */
void fw_rule_json(struct fw_json *json, const struct fw_policy *policy, const struct fw_rule *rule);

#endif
