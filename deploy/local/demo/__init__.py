"""The article's two examples on this machine: told step by step, each step checked (`make demo`).

A real control plane, the operator as its ServiceAccount, and an emulated Azure, each as processes
of their own. Whatever ends the demo, what it started ends with it.
"""
