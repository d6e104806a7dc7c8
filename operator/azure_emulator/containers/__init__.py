"""Microsoft.ContainerInstance: container groups, their life, and the rules of their bodies."""

from azure_emulator.containers.provider import ContainerGroups

__all__ = ["ContainerGroups"]
