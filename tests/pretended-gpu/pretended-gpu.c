/* pretended-gpu.c — the CPU's backend as CUDA's module: records, replays, fails when told to.
 * SPDX-License-Identifier: MIT
 *
 * What the engine does with a GPU is tested by it where there is none: its numbers
 * are the CPU's, but it has recordings, memory and precisions of its own.
 *
 * While a recording is made calls are only kept, and those that may not be in one
 * end the process. RAQAM_PRETENDED_FAILURE, read when a device is opened, makes it
 * fail: "open", "memory" (no plan can be made), "record", or a number: after so
 * many steps or pictures everything fails, for all devices, as CUDA's errors stay.
 */

#include "engine/backend.h"

#include <stdlib.h>
#include <string.h>

#define CPU (&raqam_cpu_backend)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

typedef struct _Call Call;

struct _Call
{
  gboolean (*make) (const Call *call, GError **error);
  gpointer      on; /* device or block */
  gpointer      to, second;
  gconstpointer from, other, third;
  gsize         n;
  int           whole, part;
  float         x, y, z;
  gboolean      flag;
  RaqamForward  how;
};

struct _RaqamRecording
{
  GArray    *calls;
  GPtrArray *kept; /* what calls point to */
};

static _Thread_local RaqamRecording *recording;

static GMutex mutex;
static char  *failure;      /* as RAQAM_PRETENDED_FAILURE was when it was last looked at */
static gint64 replays_left = G_MAXINT64; /* before everything fails */
static gsize  allocated;

static gboolean
fails (const char *how)
{
  gboolean same;

  g_mutex_lock (&mutex);
  same = g_strcmp0 (failure, how) == 0;
  g_mutex_unlock (&mutex);
  return same;
}

static void
look_at_failure (void)
{
  const char *wanted = g_getenv ("RAQAM_PRETENDED_FAILURE");

  g_mutex_lock (&mutex);
  if (g_strcmp0 (failure, wanted) != 0)
    {
      g_free (failure);
      failure = g_strdup (wanted);
      replays_left = wanted != NULL && g_ascii_isdigit (wanted[0]) ? atoll (wanted) : G_MAXINT64;
    }
  g_mutex_unlock (&mutex);
}

static gboolean
refuse (GError **error, int code, const char *what)
{
  g_set_error (error, RAQAM_ERROR, code, "The pretended GPU %s.", what);
  return FALSE;
}

static gboolean
works (GError **error)
{
  gboolean works;

  g_mutex_lock (&mutex);
  works = replays_left > 0;
  g_mutex_unlock (&mutex);
  return works || refuse (error, RAQAM_ERROR_DEVICE, "fell off the bus");
}

static gboolean
ask (const Call *call, GError **error)
{
  if (recording == NULL)
    return works (error) && call->make (call, error);

  g_array_append_vals (recording->calls, call, 1);
  return TRUE;
}

/* What no recording may have in it. */
static void
must_not_record (const char *what)
{
  if (recording != NULL)
    g_error ("%s in a recording", what);
}

static gboolean
probe (RaqamDeviceInfo *info, GError **error)
{
  *info = (RaqamDeviceInfo) {
    .name = "Pretended GPU",
    .memory = 8 * GIB,
    .precision = RAQAM_PRECISION_TF32,
    .has_tf32 = TRUE,
    .has_bf16 = TRUE,
  };
  look_at_failure ();
  return !fails ("probe") || refuse (error, RAQAM_ERROR_DEVICE, "has no memory left to be asked");
}

static RaqamDevice *
device_open (const RaqamDeviceOptions *options, GError **error)
{
  RaqamDeviceOptions plain = *options;

  look_at_failure ();
  plain.precision = RAQAM_PRECISION_F32;
  if (!fails ("open") && works (error))
    return CPU->device_open (&plain, error);
  if (fails ("open"))
    refuse (error, RAQAM_ERROR_DEVICE, "cannot be opened");
  return NULL;
}

static void
device_close (RaqamDevice *device)
{
  CPU->device_close (device);
}

static const char *
device_describe (RaqamDevice *device)
{
  return "Pretended GPU, TF32";
}

static void
device_memory (RaqamDevice *device, guint64 *used, guint64 *total)
{
  g_mutex_lock (&mutex);
  *used = GIB / 2 + allocated;
  *total = 8 * GIB;
  g_mutex_unlock (&mutex);
}

static gpointer
memory_alloc (RaqamDevice *device, gsize n_bytes, GError **error)
{
  must_not_record ("alloc");
  g_mutex_lock (&mutex);
  allocated += n_bytes;
  g_mutex_unlock (&mutex);
  return CPU->alloc (device, n_bytes, error);
}

static void
memory_free (RaqamDevice *device, gpointer memory)
{
  must_not_record ("free");
  CPU->free (device, memory);
}

static gboolean
upload (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error)
{
  must_not_record ("upload");
  return works (error) && CPU->upload (device, to, from, n_bytes, error);
}

static gboolean
download (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error)
{
  must_not_record ("download");
  return works (error) && CPU->download (device, to, from, n_bytes, error);
}

static gboolean
copy_now (const Call *call, GError **error)
{
  return CPU->copy (call->on, call->to, call->from, call->n, error);
}

static gboolean
copy (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error)
{
  return ask (&(Call) { copy_now, device, .to = to, .from = from, .n = n_bytes }, error);
}

static gsize
edge_size (RaqamDevice *device, int h, int w, int c)
{
  return CPU->edge_size (device, h, w, c);
}

static void
recording_free (RaqamRecording *self)
{
  g_array_unref (self->calls);
  g_ptr_array_unref (self->kept);
  g_free (self);
}

static gboolean
record (RaqamDevice *device, RaqamRecording **made, RaqamCalls calls, gpointer data, GError **error)
{
  gboolean done;

  must_not_record ("record");
  if (fails ("record"))
    return refuse (error, RAQAM_ERROR_DEVICE, "cannot record");

  recording = g_new0 (RaqamRecording, 1);
  recording->calls = g_array_new (FALSE, FALSE, sizeof (Call));
  recording->kept = g_ptr_array_new_with_free_func (g_free);
  done = calls (data, error);
  *made = g_steal_pointer (&recording);
  if (!done)
    g_clear_pointer (made, recording_free);
  return done;
}

static gboolean
replay (RaqamRecording *self, GError **error)
{
  must_not_record ("replay");
  if (!works (error))
    return FALSE;

  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = &g_array_index (self->calls, Call, i);

      if (!call->make (call, error))
        return FALSE;
    }

  g_mutex_lock (&mutex);
  replays_left--;
  g_mutex_unlock (&mutex);
  return TRUE;
}

static RaqamBlock *
block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch, gboolean train,
           GError **error)
{
  must_not_record ("block_new");
  if (!fails ("memory"))
    return CPU->block_new (device, spec, batch, train, error);
  refuse (error, RAQAM_ERROR_MEMORY, "has no memory left");
  return NULL;
}

static void
block_free (RaqamBlock *block)
{
  CPU->block_free (block);
}

static gboolean
prepare_now (const Call *call, GError **error)
{
  return CPU->block_prepare (call->on, call->from, call->to, call->flag, error);
}

static gboolean
block_prepare (RaqamBlock *block, const float *params, float *state, gboolean power,
               GError **error)
{
  return ask (&(Call) { prepare_now, block, .from = params, .to = state, .flag = power }, error);
}

static gboolean
forward_now (const Call *call, GError **error)
{
  return CPU->block_forward (call->on, call->to, call->from, call->other, &call->how, error);
}

static gboolean
block_forward (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
               const RaqamForward *how, GError **error)
{
  return ask (&(Call) { forward_now, block, .to = out, .from = in, .other = labels, .how = *how },
              error);
}

static gboolean
backward_now (const Call *call, GError **error)
{
  return CPU->block_backward (call->on, call->to, call->second, (float *) call->from, error);
}

static gboolean
block_backward (RaqamBlock *block, float *d_in, float *d_params, float *d_out, GError **error)
{
  return ask (&(Call) { backward_now, block, .to = d_in, .second = d_params, .from = d_out },
              error);
}

static gboolean
bce_now (const Call *call, GError **error)
{
  return CPU->bce (call->on, call->to, call->second, call->from, call->whole, call->part, call->x,
                   call->y, error);
}

static gboolean
bce (RaqamDevice *device, float *d_logits, float *results, const float *logits, int n, int n_first,
     float first, float rest, GError **error)
{
  return ask (&(Call) { bce_now, device, .to = d_logits, .second = results, .from = logits,
                        .whole = n, .part = n_first, .x = first, .y = rest },
              error);
}

/* The moments ride on second and third. */
static gboolean
adam_now (const Call *call, GError **error)
{
  return CPU->adam (call->on, call->to, call->second, (float *) call->third, call->from, call->n,
                    call->other, call->x, call->y, call->z, error);
}

static gboolean
adam (RaqamDevice *device, float *weights, float *m, float *v, const float *gradient, gsize n,
      const float *rate, float beta1, float beta2, float epsilon, GError **error)
{
  return ask (&(Call) { adam_now, device, .to = weights, .second = m, .third = v,
                        .from = gradient, .n = n, .other = rate, .x = beta1, .y = beta2,
                        .z = epsilon },
              error);
}

static gboolean
average_now (const Call *call, GError **error)
{
  return CPU->average (call->on, call->to, call->from, call->n, call->other, error);
}

static gboolean
average (RaqamDevice *device, float *to, const float *from, gsize n, const float *decay,
         GError **error)
{
  return ask (&(Call) { average_now, device, .to = to, .from = from, .n = n, .other = decay },
              error);
}

static gboolean
normal_now (const Call *call, GError **error)
{
  return CPU->normal (call->on, call->to, call->n, (guint32) call->whole, call->from, error);
}

static gboolean
normal (RaqamDevice *device, float *out, gsize n, guint32 stream, const RaqamPulse *pulse,
        GError **error)
{
  return ask (&(Call) { normal_now, device, .to = out, .n = n, .whole = (int) stream,
                        .from = pulse },
              error);
}

typedef struct
{
  RaqamDevice      *device;
  float            *images;
  guint8           *labels;
  const guint8     *data, *data_labels;
  const guint32    *order;
  int               batch, image_size;
  const RaqamPulse *pulse;
} Gather;

static gboolean
gather_now (const Call *call, GError **error)
{
  const Gather *all = call->from;

  return CPU->gather (all->device, all->images, all->labels, all->data, all->data_labels,
                      all->order, all->batch, all->image_size, all->pulse, error);
}

static gboolean
gather (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
        const guint8 *data_labels, const guint32 *order, int batch, int image_size,
        const RaqamPulse *pulse, GError **error)
{
  const Gather all = { device, images, labels, data, data_labels, order, batch, image_size, pulse };
  gpointer kept;

  if (recording == NULL)
    return ask (&(Call) { gather_now, device, .from = &all }, error);

  kept = g_memdup2 (&all, sizeof all);
  g_ptr_array_add (recording->kept, kept);
  return ask (&(Call) { gather_now, device, .from = kept }, error);
}

static const RaqamBackend pretended_gpu = {
  .abi = RAQAM_BACKEND_ABI,
  .name = "cuda",
  .probe = probe,
  .device_open = device_open,
  .device_close = device_close,
  .device_describe = device_describe,
  .device_memory = device_memory,
  .alloc = memory_alloc,
  .free = memory_free,
  .upload = upload,
  .download = download,
  .copy = copy,
  .edge_size = edge_size,
  .record = record,
  .replay = replay,
  .recording_free = recording_free,
  .block_new = block_new,
  .block_free = block_free,
  .block_prepare = block_prepare,
  .block_forward = block_forward,
  .block_backward = block_backward,
  .bce = bce,
  .adam = adam,
  .average = average,
  .normal = normal,
  .gather = gather,
};

const RaqamBackend *raqam_backend (void);

const RaqamBackend *
raqam_backend (void)
{
  return &pretended_gpu;
}
