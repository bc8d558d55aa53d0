using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class ResourceTests
{
    private readonly RegistryDesk desk = new();

    [Fact]
    public async Task A_file_of_a_resource_takes_effect_at_once_and_the_same_again_changes_nothing()
    {
        Assert.Equal("Resource/meta Created 1", await desk.ApplyAsync(RegistryDesk.Resource("meta")));
        Assert.Equal("Resource/meta Unchanged 1", await desk.ApplyAsync(RegistryDesk.Resource("meta")));
        Assert.Equal("Resource/meta Updated 2", await desk.ApplyAsync(RegistryDesk.Resource("meta", reaches: """["vault/**"]""")));
        Assert.Equal(["apply", "apply"], desk.Store.Committed.Select(record => record.Action));
        Assert.Equal("vault/**", Found("meta").Reaches.Single().Text);
    }

    [Fact]
    public async Task One_that_is_retired_keeps_its_name_for_good()
    {
        await desk.ApplyAsync(RegistryDesk.Resource("meta"));
        var retired = Assert.IsType<Result<(ResourceObject Item, long Version)>.Done>(await desk.Retirement.OfResourceAsync(RegistryDesk.Ann, new ResourceName("meta"), "gone", 1, CancellationToken.None));
        Assert.Equal((2, "ann", "gone"), (retired.Value.Version, retired.Value.Item.LastChange!.By, retired.Value.Item.LastChange.Reason));
        Assert.NotNull(Found("meta").RetiredAt);
        Assert.Equal("retire Resource/meta gone", desk.Store.Committed[^1] switch { var record => $"{record.Action} {record.Target} {record.Reason}" });

        var again = Assert.IsType<Result<(ResourceObject, long)>.Refused>(await desk.Retirement.OfResourceAsync(RegistryDesk.Ann, new ResourceName("meta"), null, null, CancellationToken.None));
        Assert.Equal("retired", again.Why.Code);
        Assert.Equal("retired", (await desk.RefusedAsync(RegistryDesk.Resource("meta"))).Code);
        Assert.Equal("not_found", Assert.IsType<Result<(ResourceObject, long)>.Refused>(await desk.Retirement.OfResourceAsync(RegistryDesk.Ann, new ResourceName("other"), null, null, CancellationToken.None)).Why.Code);
    }

    private ResourceObject Found(string name) => desk.Configuration.Resource(OrganisationId.Default, new ResourceName(name))!;
}
