"""Case 17, granted and still 403: roles take their time, and a second assignment helps nobody."""

from __future__ import annotations

from cases.grants import ACCESS, a_vault, an_access, principal_of, roles
from in_process.scene import open_scene

GRANTED = ("True", "Granted")


async def test_case_17_no_second_assignment_is_made_while_the_first_takes_effect() -> None:
    async with open_scene(knobs={"role_delay": 1800}) as scene:
        await scene.identity("who")
        await a_vault(scene, rbac=True)
        # The operator's own rights were given at the start, so they count.
        scene.apply(an_access(scene))
        await scene.settle()
        assert scene.conditions(ACCESS, "it")["AccessGranted"] == GRANTED
        await scene.run_for(1900)
        assert len(scene.writes()) == 1
        assert [who for who, _ in roles(scene)] == [principal_of(scene)]


async def test_case_17_nor_where_somebody_else_gave_it_under_another_name() -> None:
    async with open_scene() as scene:
        await scene.identity("who")
        vault = await a_vault(scene, rbac=True)
        scene.apply(an_access(scene))
        await scene.settle()
        (assignment,) = scene.status(ACCESS, "it")["assignmentIds"]
        body = await scene.stranger.role_assignments.get(assignment)
        wanted = ("roleDefinitionId", "principalId", "principalType")
        properties = {name: body["properties"][name] for name in wanted}
        await scene.stranger.role_assignments.delete(assignment)
        theirs = f"{vault}/providers/Microsoft.Authorization/roleAssignments/"
        theirs += "99999999-0000-4000-8000-000000000000"
        await scene.stranger.role_assignments.put(theirs, {"properties": properties})
        scene.mark()
        await scene.run_for(1900)
        assert (scene.writes(), scene.conditions(ACCESS, "it")["Ready"]) == ([], GRANTED)
        scene.delete(ACCESS, "it")
        await scene.settle()
        assert (scene.writes(), len(roles(scene))) == ([], 1)
