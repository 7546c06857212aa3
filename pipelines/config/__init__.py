"""Where things lie and what the operator has set: paths, ``orchestration.yaml``, YAML with line numbers."""
