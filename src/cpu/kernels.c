/* kernels.c — the elementwise loops, chosen for the processor at run time.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels.h"

#define DECLARE(isa)                                  \
  extern const RaqamHiddenKernels raqam_hidden_##isa; \
  extern const RaqamImageKernels raqam_image_##isa;   \
  extern const RaqamVectorKernels raqam_vector_##isa

#define KERNELS(isa, label, conv_kernels)                                        \
  {                                                                              \
    .name = label, .hidden = &raqam_hidden_##isa, .image = &raqam_image_##isa,   \
    .vector = &raqam_vector_##isa, .conv = conv_kernels                          \
  }

typedef struct
{
  RaqamKernels kernels;
  gboolean   (*runs_here) (void);
} Choice;

#ifdef __x86_64__

DECLARE (v2);
DECLARE (v3);
DECLARE (v4);
extern const RaqamConvKernels raqam_conv_v3;

static gboolean
has_v2 (void)
{
  return __builtin_cpu_supports ("sse4.2") && __builtin_cpu_supports ("popcnt");
}

static gboolean
has_v3 (void)
{
  return has_v2 () && __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")
         && __builtin_cpu_supports ("bmi") && __builtin_cpu_supports ("bmi2");
}

static gboolean
has_v4 (void)
{
  return has_v3 () && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
         && __builtin_cpu_supports ("avx512cd") && __builtin_cpu_supports ("avx512dq")
         && __builtin_cpu_supports ("avx512vl");
}

static const Choice choices[] = {
  { KERNELS (v4, "x86-64-v4", NULL), has_v4 },
  { KERNELS (v3, "x86-64-v3", &raqam_conv_v3), has_v3 },
  { KERNELS (v2, "x86-64-v2", NULL), has_v2 },
};

#else

DECLARE (generic);

static gboolean
has_generic (void)
{
  return TRUE;
}

static const Choice choices[] = {
  { KERNELS (generic, "generic", NULL), has_generic },
};

#endif

static const RaqamKernels *
choose (void)
{
  const char *wanted = g_getenv ("RAQAM_CPU_ISA");
  const RaqamKernels *best = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      if (!choices[i].runs_here ())
        continue;
      if (best == NULL || g_strcmp0 (wanted, choices[i].kernels.name) == 0)
        best = &choices[i].kernels;
    }

  return best;
}

const RaqamKernels *
raqam_kernels (void)
{
  static gsize chosen = 0;
  static const RaqamKernels *kernels;

  if (g_once_init_enter (&chosen))
    {
      kernels = choose ();
      g_once_init_leave (&chosen, 1);
    }

  return kernels;
}
