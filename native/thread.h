/* Threads beside JavaScript's. */
#ifndef THREAD_H
#define THREAD_H

#include <pthread.h>

/*
 * Starts a thread, of which there are few: 0 or an errno. Signals are the main thread's business. It gets the main thread's
 * scheduling policy, priority and processors; under the ordinary policy its niceness is better by `ahead`. What the system
 * refuses is left as it is.
 */
int thread_start(pthread_t *thread, void *(*work)(void *), int ahead);
/* The main thread's scheduling has changed. */
void threads_follow_scheduling(void);

#endif
