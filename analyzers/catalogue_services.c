/* Answers: which services are there, on which ports, and what do reviews think of them? A service
 * reads
 *
 *   {"name": "SNMP", "tcp": "161", "udp": "161", "is": ["risky", "insecure", "admin"]}
 */
#include "analyzers/catalogue_impl.h"

static const struct {
    const char *name;
    unsigned bit;
} opinions[] = {
    {"risky", FW_SERVICE_RISKY}, {"insecure", FW_SERVICE_INSECURE}, {"admin", FW_SERVICE_ADMIN},
    {"dns", FW_SERVICE_DNS},     {"doh", FW_SERVICE_DOH},
};
enum { OPINIONS = sizeof(opinions) / sizeof(opinions[0]) };

static const struct fw_numset *read_ports(struct fw_catalogue_loader *loader,
                                          const struct fw_jvalue *value)
{
    const struct fw_numset *ports = NULL;
    if (value && !fw_numset_parse(loader->arena, value->text, 65535, &ports)) {
        fw_json_error(&loader->file, value->span,
                      "\"%.*s\" is no list of ports such as 80,8000-8080", FW_SV_ARG(value->text));
    }
    return ports;
}

static unsigned read_opinions(struct fw_catalogue_loader *loader, const struct fw_jvalue *array)
{
    unsigned is = 0;
    for (size_t i = 0; i < array->count; i++) {
        size_t k = 0;
        while (k < OPINIONS && !fw_sv_is(array->items[i].text, opinions[k].name)) {
            k++;
        }
        if (k == OPINIONS) {
            fw_json_error(&loader->file, array->items[i].span,
                          "a service is risky, insecure, admin, dns or doh");
        } else {
            is |= opinions[k].bit;
        }
    }
    return is;
}

void fw_catalogue_read_services(struct fw_catalogue_loader *loader, const struct fw_jvalue *root)
{
    static const struct fw_jfield fields[] = {
        {"services", FW_JSON_ARRAY, true},
        {NULL, FW_JSON_NULL, false},
    };
    static const struct fw_jfield service_fields[] = {
        {"name", FW_JSON_STRING, true}, {"tcp", FW_JSON_STRING, false},
        {"udp", FW_JSON_STRING, false}, {"is", FW_JSON_ARRAY, true},
        {NULL, FW_JSON_NULL, false},
    };
    if (!fw_json_check(&loader->file, root, "a file of services", fields)) {
        return;
    }
    struct fw_catalogue *k = loader->catalogue;
    const struct fw_jvalue *array = fw_json_find(root, "services");
    struct fw_service *v = fw_new_array(loader->arena, array->count + 1, struct fw_service);
    for (size_t i = 0; i < array->count; i++) {
        const struct fw_jvalue *value = &array->items[i];
        if (!fw_json_check(&loader->file, value, "a service", service_fields)) {
            continue;
        }
        struct fw_service *service = &v[k->nservices++];
        service->name = fw_json_text(value, "name");
        service->tcp = read_ports(loader, fw_json_find(value, "tcp"));
        service->udp = read_ports(loader, fw_json_find(value, "udp"));
        service->is = read_opinions(loader, fw_json_find(value, "is"));
        if (!service->tcp && !service->udp) {
            fw_json_error(&loader->file, value->span, "a service has ports of tcp or of udp");
        }
    }
    k->services = v;
}
