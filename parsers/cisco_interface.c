/* Which interfaces a device has, whatever dialect they are written in? */
#include "parsers/cisco.h"

size_t fw_cisco_interface_add(struct fw_cisco *cisco, fw_sv device,
                              const struct fw_cisco_line *line)
{
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        if (fw_sv_eq(cisco->interfaces[i].device, device)) {
            return i + 1;
        }
    }
    cisco->interfaces = fw_arena_push(&cisco->doc->arena, cisco->interfaces, cisco->ninterfaces,
                                      sizeof(*cisco->interfaces));
    cisco->interfaces[cisco->ninterfaces++] = (struct fw_interface){
        .name = device,
        .device = device,
        .span = fw_doc_span(cisco->doc, line->text, line->number)};
    return cisco->ninterfaces;
}

struct fw_interface *fw_cisco_interface_named(const struct fw_cisco *cisco, fw_sv name)
{
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        if (fw_sv_eq(cisco->interfaces[i].name, name)) {
            return &cisco->interfaces[i];
        }
    }
    return NULL;
}

void fw_cisco_interface_network(struct fw_cisco *cisco, struct fw_interface *interface,
                                fw_iprange network, fw_ip own)
{
    fw_interface_add_address(&cisco->doc->arena, interface, network, own);
}

bool fw_cisco_interface_shutdown(struct fw_cisco *cisco, struct fw_interface *interface,
                                 const struct fw_cisco_line *line)
{
    bool no = fw_cisco_is(line, 0, "no");
    if (!fw_cisco_is(line, no ? 1 : 0, "shutdown")) {
        return false;
    }
    interface->shutdown = !no;
    fw_cisco_used(cisco, line);
    return true;
}
