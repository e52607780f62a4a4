/* How are bytes hashed while they are read for another purpose? */
#include "core/hashing.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct fw_hashing {
    struct fw_hasher *hasher;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t given, done;
    const void *p; /* NULL: nothing is to be hashed */
    size_t n;
    bool stop;
};

static void *work(void *argument)
{
    struct fw_hashing *h = argument;
    pthread_mutex_lock(&h->lock);
    for (;;) {
        while (!h->p && !h->stop) {
            pthread_cond_wait(&h->given, &h->lock);
        }
        if (!h->p) {
            break;
        }
        const void *p = h->p;
        size_t n = h->n;
        pthread_mutex_unlock(&h->lock);
        fw_hasher_add(h->hasher, p, n);
        pthread_mutex_lock(&h->lock);
        h->p = NULL;
        pthread_cond_signal(&h->done);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

struct fw_hashing *fw_hashing_new(struct fw_hasher *hasher)
{
    struct fw_hashing *h = calloc(1, sizeof(*h));
    if (!h) {
        return NULL;
    }
    h->hasher = hasher;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->given, NULL);
    pthread_cond_init(&h->done, NULL);
    if (pthread_create(&h->thread, NULL, work, h) == 0) {
        return h;
    }
    pthread_cond_destroy(&h->given);
    pthread_cond_destroy(&h->done);
    pthread_mutex_destroy(&h->lock);
    free(h);
    return NULL;
}

void fw_hashing_free(struct fw_hashing *h)
{
    if (!h) {
        return;
    }
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_signal(&h->given);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->given);
    pthread_cond_destroy(&h->done);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

void fw_hashing_give(struct fw_hashing *h, const void *p, size_t n)
{
    if (n == 0) {
        return;
    }
    pthread_mutex_lock(&h->lock);
    h->p = p;
    h->n = n;
    pthread_cond_signal(&h->given);
    pthread_mutex_unlock(&h->lock);
}

void fw_hashing_wait(struct fw_hashing *h)
{
    pthread_mutex_lock(&h->lock);
    while (h->p) {
        pthread_cond_wait(&h->done, &h->lock);
    }
    pthread_mutex_unlock(&h->lock);
}
