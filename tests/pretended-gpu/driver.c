/* driver.c — a driver that says it has one GPU; see pretended-gpu.c.
 * SPDX-License-Identifier: MIT
 *
 * RAQAM_PRETENDED_INIT: what cuInit() returns; RAQAM_PRETENDED_COUNT: how many GPUs. */

#include <stdlib.h>

int cuInit (unsigned int flags);
int cuDeviceGetCount (int *count);
int cuGetErrorString (int status, const char **text);

static int
told (const char *name, int otherwise)
{
  const char *text = getenv (name);

  return text == NULL ? otherwise : atoi (text);
}

int
cuInit (unsigned int flags)
{
  return told ("RAQAM_PRETENDED_INIT", 0);
}

int
cuDeviceGetCount (int *count)
{
  *count = told ("RAQAM_PRETENDED_COUNT", 1);
  return 0;
}

int
cuGetErrorString (int status, const char **text)
{
  *text = "pretended";
  return 0;
}
