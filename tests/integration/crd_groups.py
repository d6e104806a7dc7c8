"""Fields of a ContainerGroup that exclude or need each other, each with a twin that is accepted."""

from __future__ import annotations

from integration.crd_objects import (
    CONTAINER,
    GROUP_ID,
    IDENTITY_ID,
    SECRET,
    VAULT_ID,
    Case,
    Spec,
    container,
)

SERVER = {"server": "r.io"}
SHARE = {"shareName": "s", "storageAccountName": "a"}
KEY = {"storageAccountKeyFrom": SECRET}
SUBNET = f"{GROUP_ID}/providers/Microsoft.Network/virtualNetworks/net/subnets/one"
PROFILE = f"{GROUP_ID}/providers/Microsoft.ContainerInstance/containerGroupProfiles/p"
POOL = f"{GROUP_ID}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/p"
PROBE = {"httpGet": {"port": 80}}
A_KEY = {"keyName": "k", "keyVersion": "1"}
URL = "https://v.vault.azure.net"


def volume(**own: object) -> Spec:
    return {"volumes": [{"name": "files", **own}]}


def credential(**own: object) -> Spec:
    return {"imageRegistryCredentials": [{**SERVER, **own}]}


def referring(**own: object) -> Spec:
    entry = {"name": "r", "identityRef": {"id": IDENTITY_ID}}
    return {"secretReferences": [{**entry, **own}]}


def with_gpu(**gpu: object) -> Spec:
    return {"requests": {"cpu": 1, "memoryInGB": 1, "gpu": gpu}}


def case(name: str, accepted: Spec, refused: Spec, says: str) -> Case:
    return Case(name, "ContainerGroup", accepted, refused, says)


GROUPS = [
    case(
        "a-volume-without-a-source",
        volume(emptyDir={}),
        volume(),
        'spec.volumes[0]: Invalid value: "object": volume files needs exactly one source: '
        "azureFile, emptyDir, gitRepo, or secret and secretReference; keep one of them",
    ),
    case(
        "a-volume-with-two-sources",
        volume(secret={"f": SECRET}, secretReference={"g": "ref"}),
        volume(secret={"f": SECRET}, emptyDir={}),
        'spec.volumes[0]: Invalid value: "object": volume files needs exactly one source: '
        "azureFile, emptyDir, gitRepo, or secret and secretReference; keep one of them",
    ),
    case(
        "a-file-with-a-slash-in-its-name",
        volume(secret={"..a.b": SECRET}),
        volume(secret={"a/b": SECRET}),
        'spec.volumes[0].secret: Invalid value: "object": the name of a file holds no slash or '
        "backslash and is neither . nor ..; rename it, or mount the volume deeper",
    ),
    case(
        "a-file-called-as-the-folder-above",
        volume(secretReference={"a": "ref"}),
        volume(secretReference={"..": "ref"}),
        'spec.volumes[0].secretReference: Invalid value: "object": the name of a file holds no '
        "slash or backslash and is neither . nor ..; rename it, or mount the volume deeper",
    ),
    case(
        "a-repository-outside-of-its-volume",
        volume(gitRepo={"repository": "https://example.com/r.git", "directory": "a..b/c"}),
        volume(gitRepo={"repository": "https://example.com/r.git", "directory": "../x"}),
        'spec.volumes[0].gitRepo.directory: Invalid value: "string": directory stays within the '
        "volume, so none of its parts is ..; take it out",
    ),
    case(
        "a-volume-name-that-azure-refuses",
        {"volumes": [{"name": "my-files", "emptyDir": {}}]},
        {"volumes": [{"name": "my--files", "emptyDir": {}}]},
        'spec.volumes[0].name: Invalid value: "string": a volume\'s name has 5 to 63 lower-case '
        "letters, digits and single hyphens, no hyphen at either end; change it",
    ),
    case(
        "a-share-with-two-keys",
        volume(azureFile={**SHARE, "storageAccountKeyReference": "ref"}),
        volume(azureFile={**SHARE, **KEY, "storageAccountKeyReference": "ref"}),
        'spec.volumes[0].azureFile: Invalid value: "object": azureFile needs exactly one of '
        "storageAccountKeyFrom and storageAccountKeyReference; keep one of them",
    ),
    case(
        "a-mount-with-a-colon",
        container(volumeMounts=[{"name": "files", "mountPath": "/a"}]),
        container(volumeMounts=[{"name": "files", "mountPath": "c:/a"}]),
        'spec.containers[0].volumeMounts[0].mountPath: Invalid value: "string": mountPath must '
        "hold no colon (Azure's rule); change it",
    ),
    case(
        "a-probe-of-two-kinds",
        container(livenessProbe=PROBE),
        container(livenessProbe={**PROBE, "exec": {"command": ["a"]}}),
        'spec.containers[0].livenessProbe: Invalid value: "object": a probe needs exactly one of '
        "exec and httpGet; keep one of them",
    ),
    case(
        "a-probe-that-only-kubernetes-has",
        container(readinessProbe=PROBE),
        container(readinessProbe={"tcpSocket": {"port": 80}}),
        'unknown field "spec.containers[0].readinessProbe.tcpSocket"',
    ),
    case(
        "a-gpu-without-its-kind",
        container(resources=with_gpu(count=1, sku="V100")),
        container(resources=with_gpu(count=1)),
        "spec.containers[0].resources.requests.gpu.sku: Required value",
    ),
    case(
        "name-resolution-without-a-server",
        {"dnsConfig": {"nameServers": ["10.0.0.4"]}},
        {"dnsConfig": {}},
        "spec.dnsConfig.nameServers: Required value",
    ),
    case(
        "memory-in-another-letter-case",
        container(resources={"requests": {"cpu": 1, "memoryInGB": 1}}),
        container(resources={"requests": {"cpu": 1, "memoryInGb": 1}}),
        'unknown field "spec.containers[0].resources.requests.memoryInGb"',
    ),
    case(
        "a-registry-with-identity-and-password",
        credential(identityRef={"name": "one"}),
        credential(identityRef={"name": "one"}, username="u", passwordFrom=SECRET),
        'spec.imageRegistryCredentials[0]: Invalid value: "object": imageRegistryCredentials for '
        "r.io needs exactly one of passwordFrom, passwordReference and identityRef; keep one of "
        'them\nspec.imageRegistryCredentials[0].username: Invalid value: "object": '
        "imageRegistryCredentials for r.io needs a username with a password, and none with "
        "identityRef; remove it",
    ),
    case(
        "a-secret-by-a-path",
        credential(username="u", passwordFrom=SECRET),
        credential(username="u", passwordFrom={"secretKeyRef": {"name": "../s", "key": "k"}}),
        "spec.imageRegistryCredentials[0].passwordFrom.secretKeyRef.name: Invalid value: "
        '"../s": spec.imageRegistryCredentials[0].passwordFrom.secretKeyRef.name in body should '
        "match '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'",
    ),
    case(
        "a-registry-password-without-a-user",
        credential(passwordReference="ref", username="u"),
        credential(passwordReference="ref"),
        'spec.imageRegistryCredentials[0].username: Invalid value: "object": '
        "imageRegistryCredentials for r.io needs a username with a password, and none with "
        "identityRef; add it",
    ),
    case(
        "a-subnet-that-is-none",
        {"subnetIds": [{"id": SUBNET}]},
        {"subnetIds": [{"id": IDENTITY_ID}]},
        'spec.subnetIds[0].id: Invalid value: "string": subnetIds.id is no such ARM ID; it reads '
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Network/"
        "virtualNetworks/NETWORK/subnets/NAME",
    ),
    case(
        "no-system-and-no-profile",
        {"osType": None, "containerGroupProfile": {"id": PROFILE}},
        {"osType": None},
        'spec.osType: Invalid value: "object": osType is required, unless a containerGroupProfile '
        "supplies it; choose Linux or Windows",
    ),
    case(
        "a-container-without-image-and-no-profile",
        {
            "containers": [{"name": "c", "configMap": {"keyValuePairs": {"a": "b"}}}],
            "containerGroupProfile": {"id": PROFILE, "revision": 1},
            "standbyPoolProfile": {"id": POOL},
        },
        {"containers": [{"name": "c", "resources": CONTAINER["resources"]}]},
        'spec.containers: Invalid value: "object": each container needs image and resources, '
        "unless a containerGroupProfile supplies them; add them",
    ),
    case(
        "a-key-in-a-vault-twice-named",
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {"name": "v"}}},
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {"name": "v"}, "vaultBaseUrl": URL}},
        'spec.encryptionProperties: Invalid value: "object": encryptionProperties needs exactly '
        "one of vaultBaseUrl and keyVaultRef; name the vault by its URL or by a reference, not "
        "both",
    ),
    case(
        "a-key-in-a-vault-by-the-id-of-an-identity",
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {"id": VAULT_ID}}},
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {"id": IDENTITY_ID}}},
        'spec.encryptionProperties.keyVaultRef.id: Invalid value: "object": '
        "encryptionProperties.keyVaultRef.id is not the ARM ID of a vault; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME",
    ),
    case(
        "a-key-in-a-vault-by-neither",
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {"id": VAULT_ID}}},
        {"encryptionProperties": {**A_KEY, "keyVaultRef": {}}},
        'spec.encryptionProperties.keyVaultRef: Invalid value: "object": '
        "encryptionProperties.keyVaultRef needs exactly one of name and id; give the name of an "
        "object in this namespace or an ARM ID, not both",
    ),
    case(
        "a-secret-reference-without-an-address",
        referring(secretReferenceUri=f"{URL}/secrets/s"),
        referring(),
        'spec.secretReferences[0]: Invalid value: "object": secret reference r needs exactly one '
        "of secretReferenceUri and keyVaultRef; name the secret by its URL, or by its vault and "
        "secretName, not both",
    ),
    case(
        "a-secret-reference-without-a-name",
        referring(keyVaultRef={"name": "v"}, secretName="s"),
        referring(keyVaultRef={"name": "v"}),
        'spec.secretReferences[0]: Invalid value: "object": secret reference r needs secretName '
        "with keyVaultRef, and none without it; add it",
    ),
    case(
        "a-secret-reference-with-a-version-and-an-address",
        referring(keyVaultRef={"name": "v"}, secretName="s", secretVersion="0" * 32),
        referring(secretReferenceUri=f"{URL}/secrets/s", secretVersion="0" * 32),
        'spec.secretReferences[0]: Invalid value: "object": secret reference r has a '
        "secretVersion without keyVaultRef; remove it, the URL holds the version",
    ),
    case(
        "a-secret-reference-in-a-vault-by-name-and-id",
        referring(keyVaultRef={"id": VAULT_ID}, secretName="s"),
        referring(keyVaultRef={"id": VAULT_ID, "name": "v"}, secretName="s"),
        'spec.secretReferences[0].keyVaultRef: Invalid value: "object": '
        "secretReferences.keyVaultRef needs exactly one of name and id; give the name of an "
        "object in this namespace or an ARM ID, not both",
    ),
    case(
        "a-secret-reference-in-a-vault-by-the-id-of-an-identity",
        referring(keyVaultRef={"id": VAULT_ID}, secretName="s"),
        referring(keyVaultRef={"id": IDENTITY_ID}, secretName="s"),
        'spec.secretReferences[0].keyVaultRef.id: Invalid value: "object": '
        "secretReferences.keyVaultRef.id is not the ARM ID of a vault; it reads "
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME",
    ),
    case(
        "a-policy-from-two-places",
        {"confidentialComputeProperties": {"ccePolicyFrom": SECRET}},
        {"confidentialComputeProperties": {"ccePolicyFrom": SECRET, "ccePolicy": "YQ=="}},
        'spec.confidentialComputeProperties: Invalid value: "object": '
        "confidentialComputeProperties takes only one of ccePolicy and ccePolicyFrom; remove one "
        "of them",
    ),
]
