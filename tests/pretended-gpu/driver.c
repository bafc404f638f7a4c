/* driver.c — a driver that says it has one GPU; see pretended-gpu.c.
 * SPDX-License-Identifier: MIT */

int cuInit (unsigned int flags);
int cuDeviceGetCount (int *count);
int cuGetErrorString (int status, const char **text);

int
cuInit (unsigned int flags)
{
  return 0;
}

int
cuDeviceGetCount (int *count)
{
  *count = 1;
  return 0;
}

int
cuGetErrorString (int status, const char **text)
{
  *text = "pretended";
  return 0;
}
