"""Counters. The only room that imports limits."""
