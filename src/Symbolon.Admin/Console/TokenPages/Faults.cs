using Symbolon.Core.Changes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>What is wrong with a form, by the name of the field that it stands at.</summary>
public sealed class Faults
{
    public static readonly Faults None = new([]);

    private readonly IReadOnlyList<(string Field, string Message)> found;

    private Faults(IReadOnlyList<(string Field, string Message)> found) => this.found = found;

    public bool Any => found.Count > 0;

    /// <summary>What stands at no field.</summary>
    public string? Whole => this[""];

    public string? this[string field] =>
        found.Where(fault => fault.Field == field).Select(fault => fault.Message).ToList() is { Count: > 0 } messages ? string.Join(" ", messages) : null;

    internal static Faults At(string field, string message) => new([(field, message)]);

    internal static Faults Of(IEnumerable<FieldError> errors) => new([.. errors.Select(error => (FieldOf(error.Path), error.Message))]);

    internal static Faults Of(ChangeError why) => why switch
    {
        { Code: "not_granted" } => At("servers", $"{why.Message} Leave them out, or name a grant to create that allows them."),
        { Code: "exists" } => At("grant", why.Message),
        { Errors.IsDefaultOrEmpty: true } => At("", why.Message),
        _ => Of(why.Errors),
    };

    internal Faults And(Faults others) => new([.. found, .. others.found]);

    /// <summary>The order's path, as the form calls the field.</summary>
    private static string FieldOf(string path) => path switch
    {
        _ when path.StartsWith("servers", StringComparison.Ordinal) => "servers",
        "createGrant.expires" => "expires",
        _ when path.StartsWith("createGrant", StringComparison.Ordinal) => "grant",
        _ when path.StartsWith("create", StringComparison.Ordinal) => "owner",
        _ => path,
    };
}
