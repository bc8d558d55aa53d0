using Microsoft.AspNetCore.Http;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Admin.Api;

/// <summary>What every kind of object answers that has a name and a version: a page of them, one, and one that has ended for good.</summary>
internal static class ObjectAnswers
{
    public static IResult List<T, TShown>(HttpContext context, IEnumerable<T> all, Func<T, string> nameOf, Func<T, long?, TShown> show)
    {
        var (page, refusal) = Page.Read(context);
        return page is null ? refusal! : Answers.Json(context, page.Take(context, all, nameOf).Select(item => show(item, null)).ToArray());
    }

    /// <param name="remembered">From memory, for while the store cannot be asked; only for a name that can be one.</param>
    public static async Task<IResult> GetAsync<T, TShown>(HttpContext context, IConfigurationStore store, ObjectKey key, Func<OrganisationId, T?> remembered, Func<T, long?, TShown> show)
        where T : class
    {
        if (NoSuch(key) is { } missing) return missing;
        var organisation = context.Requester().Organisation;
        var (item, version) = await StoredObject.FindAsync(store, organisation, key, () => remembered(organisation), context.RequestAborted);
        return item is null ? Answers.NotFound(key.InWords) : Answers.Versioned(context, show(item, version), version);
    }

    /// <param name="retire">Only for a name that can be one.</param>
    public static async Task<IResult> RetireAsync<T, TShown>(HttpContext context, ObjectKey key, Func<StepOrder, Task<Result<(T Item, long Version)>>> retire, Func<T, long?, TShown> show)
    {
        if (NoSuch(key) is { } missing) return missing;
        var (order, refusal) = await StepOrder.ReadAsync(context);
        if (refusal is not null) return refusal;
        return Answers.Of(await retire(order), found => Answers.Versioned(context, show(found.Item, found.Version), found.Version));
    }

    private static IResult? NoSuch(ObjectKey key) => ObjectName.IsValid(key.Name) ? null : Answers.NotFound($"such {key.Kind.ToString().ToLowerInvariant()}");
}
