/* backend.h — the one table of functions that a device implements.
 * SPDX-License-Identifier: MIT
 *
 * The engine writes its networks once, over this table; src/cpu and src/cuda
 * each provide one. A backend includes this header, philox.h, GLib and its own
 * library, and nothing else of the engine.
 *
 * Conventions. Numbers are float. Activations are N, H, W, C in memory, an
 * image is (H, W, 1) in [0, 1] with ink = 1. "Device memory" is memory that
 * alloc() gave: its address may be offset, and is followed only by the backend.
 * Weights lie in slabs in the layouts that PyTorch gives them; where each tensor
 * of a block begins is said in its spec (RaqamBlockLayout). Shapes are fixed
 * when a block is made; running it allocates nothing.
 *
 * A device and everything made from it belong to one thread at a time. Calls
 * may be asynchronous; download() waits for all that was asked before it.
 *
 * Errors. What the world causes (memory, a device that fails) is RAQAM_ERROR_*;
 * after a failure the outputs are undefined and the device should be closed.
 */

#pragma once

#include <glib.h>

#include "engine/error.h"
#include "engine/philox.h"

G_BEGIN_DECLS

/* Raised whenever a struct or a function of this header changes. */
#define RAQAM_BACKEND_ABI 2

typedef enum
{
  RAQAM_PRECISION_AUTO, /* TF32 where the device has it, else F32 */
  RAQAM_PRECISION_F32,
  RAQAM_PRECISION_TF32, /* factors rounded to 10 bits of fraction; sums and what is stored f32 */
  RAQAM_PRECISION_BF16, /* products of bf16, sums and weights f32 */
} RaqamPrecision;

typedef enum
{
  RAQAM_BLOCK_DENSE, /* latent vector (N, in_c) → (N, out_h, out_w, out_c) */
  RAQAM_BLOCK_CONV,  /* strided convolution */
  RAQAM_BLOCK_TCONV, /* transposed convolution: the data gradient of a convolution */
  RAQAM_BLOCK_HEAD,  /* (N, in_h, in_w, in_c) → one logit (N) */
} RaqamBlockKind;

typedef enum
{
  RAQAM_ACTIVATION_NONE,
  RAQAM_ACTIVATION_LEAKY_RELU, /* x > 0 ? x : slope · x; slope 0 is ReLU */
  RAQAM_ACTIVATION_SIGMOID,
} RaqamActivation;

typedef enum
{
  RAQAM_NORM_NONE,
  RAQAM_NORM_BATCH, /* scale (C), shift (C) */
  RAQAM_NORM_CLASS, /* the same statistics; scale (classes, C), shift (classes, C) by label */
} RaqamNorm;

typedef enum
{
  RAQAM_NORM_BEFORE_ACTIVATION,
  RAQAM_NORM_AFTER_ACTIVATION,
  RAQAM_NORM_OF_INPUT, /* before the block's linear part; CONV with out_c 1, stride 1 only */
} RaqamNormPlace;

/* Where a block's tensors begin, in floats from the start of the network's
 * slabs; -1 where the block has no such tensor. Every offset is a multiple of 16. */
typedef struct
{
  /* In the slab of weights (and, the same, in slabs of gradients). */
  gssize weight;    /* DENSE (out_h·out_w·out_c, in_c [+ classes]), rows in H, W, C order;
                     * CONV (out_c, in_c [+ classes], kernel, kernel);
                     * TCONV (in_c, out_c, kernel, kernel);
                     * HEAD (in_c) when pooled, else (in_h·in_w·in_c) in H, W, C order */
  gssize bias;      /* DENSE (out_h·out_w·out_c), CONV and TCONV (out_c), HEAD (1) */
  gssize scale;     /* norm's γ: (C) or (classes, C) */
  gssize shift;     /* norm's β: the same */
  gssize embedding; /* HEAD with projection: (classes, in_h·in_w·in_c) */

  /* In the slab of state, which is kept but not trained. */
  gssize mean;        /* norm's running mean (C) */
  gssize variance;    /* norm's running variance (C), biased */
  gssize u;           /* left singular vector of weight: (out_c); HEAD (1) */
  gssize embedding_u; /* left singular vector of embedding: (classes) */
} RaqamBlockLayout;

/* One block: [norm of input →] linear [+ bias] → norm and activation, in either
 * order → dropout. What the recipe does not use is zero. */
typedef struct
{
  RaqamBlockKind kind;
  int in_h, in_w, in_c; /* DENSE: 1, 1, length of the latent vector */
  int out_h, out_w, out_c;
  int kernel;
  int stride;
  int pad;       /* CONV: empty rows above and columns left of the input, TCONV: of the output;
                  * those below and right follow from the sizes */
  int n_classes; /* 2 to 256 */

  gboolean labels;     /* DENSE: the one-hot label follows the latent vector;
                        * CONV: one constant plane a class follows the input channels;
                        * HEAD: projection, + embedding[label] · input */
  gboolean bias;
  gboolean spectral;   /* CONV, HEAD: weight (and, on its own, embedding) over its largest
                        * singular value; CONV's as the matrix (out_c, in_c·kernel·kernel).
                        * Never together with labels on a CONV */
  gboolean pool;       /* HEAD: global maximum of each channel first */
  gboolean threshold;  /* SIGMOID: in training the output is 1 where the sigmoid is at least
                        * 0.5, else 0, and the gradient passes straight through to the sigmoid */

  RaqamActivation activation;
  float           slope;
  RaqamNorm       norm;
  RaqamNormPlace  norm_place;
  float           norm_epsilon; /* added to the variance */
  float           dropout;      /* share of values set to 0 in training, the rest over 1 - dropout */

  /* Where input or output (and its gradient) passes between two blocks and nobody
   * else looks at it, a device may keep it in a type and layout of its own, in
   * edge_size() bytes an image. Never the image's or the latent vector's side. */
  gboolean inner_in;
  gboolean inner_out;

  RaqamBlockLayout layout;
} RaqamBlockSpec;

/* What changes from one step to the next. It lives in device memory, so that a
 * step can be recorded once and replayed: the engine uploads it, kernels read it. */
typedef struct
{
  guint64 seed;
  guint64 step;       /* counts from 0 */
  guint64 position;   /* in the order of the epoch: the batch's first image */
  float   rate[2];    /* Adam's α with the bias correction in it: generator, discriminator */
  float   ema_decay;
} RaqamPulse;

typedef enum
{
  RAQAM_MODE_TRAIN, /* statistics of the batch; dropout; block_backward may follow */
  RAQAM_MODE_INFER, /* running statistics; no dropout, no threshold */
} RaqamMode;

typedef struct
{
  RaqamMode         mode;
  float             update; /* TRAIN: running = running + update · (batch - running); 0 leaves it */
  guint32           stream; /* of the dropout mask: keep value i (N, H, W, C order) where Philox word
                             * i of (pulse->seed, pulse->step, stream) is at least
                             * raqam_philox_keep_threshold (dropout) */
  const RaqamPulse *pulse;  /* device memory; NULL where nothing random is asked */
} RaqamForward;

typedef struct
{
  RaqamPrecision precision;
  int            n_threads;  /* CPU: workers, the calling thread among them; 0 for all cores */
  gboolean       background; /* CPU: workers give way to the rest of the desktop (nice 10) */
  gboolean       interactive; /* CUDA: its work goes before that of other devices on the same GPU */
} RaqamDeviceOptions;

/* What can be known of a device without opening it. */
typedef struct
{
  char           name[128]; /* the processor's or the GPU's, in UTF-8 */
  guint64        memory;    /* bytes of its own; 0 for the CPU */
  RaqamPrecision precision; /* what RAQAM_PRECISION_AUTO means on it */
  gboolean       has_tf32;
  gboolean       has_bf16;
} RaqamDeviceInfo;

typedef struct _RaqamDevice    RaqamDevice; /* each backend's own */
typedef struct _RaqamBlock     RaqamBlock;
typedef struct _RaqamRecording RaqamRecording;

/* Calls of the table, made once to be recorded; see record. */
typedef gboolean (*RaqamCalls) (gpointer data, GError **error);

typedef struct
{
  guint       abi;  /* RAQAM_BACKEND_ABI of the header it was built with */
  const char *name; /* "cpu", "cuda" */

  /* Any thread; may take a second. FALSE with RAQAM_ERROR_DEVICE, which says what is missing. */
  gboolean     (*probe)           (RaqamDeviceInfo *info, GError **error);

  /* Returns: (transfer full): NULL with @error when the device is missing or refuses */
  RaqamDevice *(*device_open)     (const RaqamDeviceOptions *options, GError **error);
  void         (*device_close)    (RaqamDevice *device);
  /* Returns: (transfer none): one line for people: processor, threads, precision */
  const char  *(*device_describe) (RaqamDevice *device);
  /* Bytes of the device's own memory that are taken, by whatever program, and that
   * it has; 0 and 0 where it has none of its own. */
  void         (*device_memory)   (RaqamDevice *device, guint64 *used, guint64 *total);

  /* Memory. alloc: zeroed, aligned to 64 bytes, RAQAM_ERROR_MEMORY when there is none.
   * free: NULL is allowed. */
  gpointer (*alloc)    (RaqamDevice *device, gsize n_bytes, GError **error);
  void     (*free)     (RaqamDevice *device, gpointer memory);
  gboolean (*upload)   (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error);
  gboolean (*download) (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error);
  gboolean (*copy)     (RaqamDevice *device, gpointer to, gconstpointer from, gsize n_bytes, GError **error);

  /* Bytes of an inner activation of (h, w, c), an image. */
  gsize    (*edge_size) (RaqamDevice *device, int h, int w, int c);

  /**
   * record:
   * @recording: (out) (transfer full)
   * @calls: called once, at once; what it asks of the device is kept and not
   *   done. It may call everything that runs, but neither alloc, free, upload,
   *   download nor block_new
   *
   * NULL where a device has no recordings: its calls are then made every time.
   */
  gboolean (*record)         (RaqamDevice *device, RaqamRecording **recording, RaqamCalls calls,
                              gpointer data, GError **error);
  /* Does all that was recorded, on the same addresses. */
  gboolean (*replay)         (RaqamRecording *recording, GError **error);
  void     (*recording_free) (RaqamRecording *recording);

  /**
   * block_new:
   * @spec: copied
   * @batch: N of every later call
   * @train: whether block_backward will be called; FALSE saves the memory for
   *   it. A TRAIN forward (statistics of the batch) works either way
   *
   * Returns: (transfer full): NULL with RAQAM_ERROR_MEMORY or RAQAM_ERROR_DEVICE
   */
  RaqamBlock *(*block_new)  (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                             gboolean train, GError **error);
  void        (*block_free) (RaqamBlock *block);

  /**
   * block_prepare:
   * @params: the network's slab of weights, read by later calls too
   * @state: the network's slab of state, read and written by later calls too
   * @power: with spectral: one power iteration first, which moves u in @state
   *
   * To be called after every change of the weights, before block_forward.
   * Power iteration (Miyato et al., "Spectral normalization for generative
   * adversarial networks", ICLR 2018): v = Wᵀu / |Wᵀu|, u = Wv / |Wv|, σ = uᵀWv;
   * without @power v and σ are made from u as it stands.
   */
  gboolean (*block_prepare) (RaqamBlock *block, const float *params, float *state,
                             gboolean power, GError **error);

  /**
   * block_forward:
   * @out: (N, out_h, out_w, out_c), HEAD (N)
   * @in: (N, in_h, in_w, in_c)
   * @labels: (N), each below n_classes; NULL for a block that uses none
   *
   * In TRAIN mode the block remembers @out, @in and @labels; they must stay as
   * they are until block_backward has run.
   */
  gboolean (*block_forward) (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
                             const RaqamForward *how, GError **error);

  /**
   * block_backward:
   * @d_in: (N, in_h, in_w, in_c), overwritten; NULL when it is not wanted
   * @d_params: a slab shaped as the weights: this block's tensors are
   *   overwritten, others not touched; NULL when they are not wanted
   * @d_out: shaped as out; may be overwritten as scratch
   *
   * The gradients of the last TRAIN block_forward; no other forward of the block
   * may come between. Spectral norm holds u and v
   * constant: dW = (dŴ - (dŴ · Ŵ) u vᵀ) / σ.
   */
  gboolean (*block_backward) (RaqamBlock *block, float *d_in, float *d_params, float *d_out,
                              GError **error);

  /**
   * bce:
   * @d_logits: (n), overwritten: (sigmoid (logit) - target) / n
   * @results: 4 floats, overwritten: mean loss of the first @n_first logits and
   *   of the rest, mean sigmoid of the first and of the rest (0 for none)
   *
   * Binary cross-entropy on logits, max (l, 0) - l t + log (1 + exp (-|l|)),
   * with target @first for the first @n_first logits and @rest for the others.
   */
  gboolean (*bce) (RaqamDevice *device, float *d_logits, float *results, const float *logits,
                   int n, int n_first, float first, float rest, GError **error);

  /**
   * adam:
   * @rate: device memory, one float: α √(1 - β₂ᵗ) / (1 - β₁ᵗ)
   *
   * m = β₁ m + (1 - β₁) g; v = β₂ v + (1 - β₂) g²; w = w - rate · m / (√v + ε)
   * (Kingma and Ba, ICLR 2015, the form at the end of section 2, which is Keras's).
   */
  gboolean (*adam) (RaqamDevice *device, float *weights, float *m, float *v, const float *gradient,
                    gsize n, const float *rate, float beta1, float beta2, float epsilon,
                    GError **error);

  /* average: to = decay · to + (1 - decay) · from; @decay in device memory. */
  gboolean (*average) (RaqamDevice *device, float *to, const float *from, gsize n,
                       const float *decay, GError **error);

  /* normal: number i of @stream at pulse->step, as raqam_philox_normal() makes it. */
  gboolean (*normal) (RaqamDevice *device, float *out, gsize n, guint32 stream,
                      const RaqamPulse *pulse, GError **error);

  /**
   * gather:
   * @images: (@batch, @image_size), bytes over 255
   * @labels: (@batch)
   * @data: (any, @image_size) bytes
   * @data_labels: (any)
   * @order: image pulse->position + i of it is the batch's i-th
   */
  gboolean (*gather) (RaqamDevice *device, float *images, guint8 *labels, const guint8 *data,
                      const guint8 *data_labels, const guint32 *order, int batch, int image_size,
                      const RaqamPulse *pulse, GError **error);
} RaqamBackend;

/* The one symbol that a backend in a module of its own exports. */
typedef const RaqamBackend *(*RaqamBackendGet) (void);
#define RAQAM_BACKEND_SYMBOL "raqam_backend"

/* The CPU's, part of every build; src/cpu defines it. */
extern const RaqamBackend raqam_cpu_backend;

G_END_DECLS
