async def test_a_new_group_answers_201_and_then_200(arm):
    path = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo"
    first = await arm("PUT", path, "2025-04-01", {"location": "West US"})
    second = await arm("PUT", path, "2025-04-01", {"location": "westus"})
    assert (first.status, second.status) == (201, 200)
    assert first.body == second.body
