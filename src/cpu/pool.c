/* pool.c — worker threads that share out the rows of a loop.
 * SPDX-License-Identifier: MIT */

#include "cpu/pool.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "engine/error.h"

/* Long enough to cover the gap between two kernels of a step, short enough to
 * leave the core to the rest of the desktop: about 10 microseconds. */
#define SPINS 400

typedef struct
{
  RaqamPool *pool;
  pthread_t  thread;
  int        index;
} Worker;

struct _RaqamPool
{
  int      n_workers;
  gboolean background;
  int      n_started;
  Worker  *workers; /* n_workers - 1 of them: worker 0 is the caller */

  /* The job, written by the caller before it raises `ticket`. */
  RaqamPoolFunc func;
  gpointer      data;
  int           n;

  guint           ticket; /* atomic; one more for every job */
  int             n_busy; /* atomic */
  gboolean        quit;
  pthread_mutex_t mutex;
  pthread_cond_t  work;
  pthread_cond_t  done;
};

void
raqam_pool_share (int *begin, int *end, int n, int worker, int n_workers)
{
  int base = n / n_workers, extra = n % n_workers;

  *begin = worker * base + MIN (worker, extra);
  *end = *begin + base + (worker < extra ? 1 : 0);
}

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#endif
}

static void
run_share (RaqamPool *self, int worker)
{
  int begin, end;

  raqam_pool_share (&begin, &end, self->n, worker, self->n_workers);
  self->func (self->data, worker, begin, end);
}

static guint
wait_for_work (RaqamPool *self, guint seen)
{
  guint ticket;

  for (int i = 0; i < SPINS; i++)
    {
      ticket = __atomic_load_n (&self->ticket, __ATOMIC_ACQUIRE);
      if (ticket != seen)
        return ticket;
      relax ();
    }

  pthread_mutex_lock (&self->mutex);
  while ((ticket = __atomic_load_n (&self->ticket, __ATOMIC_ACQUIRE)) == seen)
    pthread_cond_wait (&self->work, &self->mutex);
  pthread_mutex_unlock (&self->mutex);

  return ticket;
}

static void *
worker_main (void *data)
{
  Worker *worker = data;
  RaqamPool *self = worker->pool;
  guint seen = 0;

  if (self->background)
    setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), 10);

  for (;;)
    {
      seen = wait_for_work (self, seen);
      if (self->quit)
        return NULL;

      run_share (self, worker->index);

      if (__atomic_sub_fetch (&self->n_busy, 1, __ATOMIC_ACQ_REL) == 0)
        {
          pthread_mutex_lock (&self->mutex);
          pthread_cond_signal (&self->done);
          pthread_mutex_unlock (&self->mutex);
        }
    }
}

static void
raise_ticket (RaqamPool *self)
{
  pthread_mutex_lock (&self->mutex);
  __atomic_add_fetch (&self->ticket, 1, __ATOMIC_ACQ_REL);
  pthread_cond_broadcast (&self->work);
  pthread_mutex_unlock (&self->mutex);
}

RaqamPool *
raqam_pool_new (int n_workers, gboolean background, GError **error)
{
  RaqamPool *self = g_new0 (RaqamPool, 1);

  self->n_workers = n_workers;
  self->background = background;
  self->workers = g_new0 (Worker, n_workers - 1);
  pthread_mutex_init (&self->mutex, NULL);
  pthread_cond_init (&self->work, NULL);
  pthread_cond_init (&self->done, NULL);

  for (int i = 0; i < n_workers - 1; i++)
    {
      Worker *worker = &self->workers[i];
      int status;

      worker->pool = self;
      worker->index = i + 1;
      status = pthread_create (&worker->thread, NULL, worker_main, worker);
      if (status != 0)
        {
          g_set_error (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE,
                       _("Could not start worker thread %d of %d: %s. Try fewer threads."),
                       i + 2, n_workers, g_strerror (status));
          raqam_pool_free (self);
          return NULL;
        }
      pthread_setname_np (worker->thread, "raqam-worker");
      self->n_started++;
    }

  return self;
}

void
raqam_pool_free (RaqamPool *self)
{
  if (self == NULL)
    return;

  self->quit = TRUE;
  raise_ticket (self);
  for (int i = 0; i < self->n_started; i++)
    pthread_join (self->workers[i].thread, NULL);

  pthread_cond_destroy (&self->done);
  pthread_cond_destroy (&self->work);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->workers);
  g_free (self);
}

int
raqam_pool_n_workers (const RaqamPool *self)
{
  return self->n_workers;
}

static void
wait_until_done (RaqamPool *self)
{
  for (int i = 0; i < SPINS; i++)
    {
      if (__atomic_load_n (&self->n_busy, __ATOMIC_ACQUIRE) == 0)
        return;
      relax ();
    }

  pthread_mutex_lock (&self->mutex);
  while (__atomic_load_n (&self->n_busy, __ATOMIC_ACQUIRE) != 0)
    pthread_cond_wait (&self->done, &self->mutex);
  pthread_mutex_unlock (&self->mutex);
}

void
raqam_pool_run (RaqamPool *self, RaqamPoolFunc func, gpointer data, int n)
{
  self->func = func;
  self->data = data;
  self->n = n;

  if (self->n_workers > 1)
    {
      __atomic_store_n (&self->n_busy, self->n_workers - 1, __ATOMIC_RELEASE);
      raise_ticket (self);
    }

  run_share (self, 0);

  if (self->n_workers > 1)
    wait_until_done (self);
}
