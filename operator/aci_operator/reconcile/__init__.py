"""What a reconciling pass is made of, for every kind: context, steps, account, ownership."""
