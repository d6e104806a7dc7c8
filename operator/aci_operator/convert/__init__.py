"""Turn ARM templates, ACI's YAML and live groups into manifests of our kinds."""
