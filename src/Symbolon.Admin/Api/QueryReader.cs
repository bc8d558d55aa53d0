using Microsoft.AspNetCore.Http;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Api;

/// <summary>
/// Reads the filters of a query. What is wrong with the first bad one is in <see cref="Refusal"/>: a word that is on no list finds nothing,
/// which would read as if it never had been.
/// </summary>
internal sealed class QueryReader(HttpContext context)
{
    private readonly IQueryCollection given = context.Request.Query;

    public IResult? Refusal { get; private set; }

    public string? Text(string name) => given[name];

    public string? OneOf(string name, IEnumerable<string> values)
    {
        if (given[name] is [{ } text] && !values.Contains(text)) Refuse(name, $"{name} must be one of {string.Join(", ", values)}.");
        return given[name];
    }

    /// <returns>Microseconds.</returns>
    public long? Time(string name)
    {
        if (!QueryTime.TryRead(given[name], out var time)) Refuse(name, QueryTime.Rule(name));
        return time;
    }

    public Guid? Id(string name)
    {
        if (given[name] is not [{ } text]) return null;
        if (Guid.TryParse(text, out var id)) return id;
        Refuse(name, $"{name} must be a UUID.");
        return null;
    }

    public bool Flag(string name)
    {
        if (given[name] is [not ("true" or "false")]) Refuse(name, $"{name} must be true or false.");
        return given[name] is ["true"];
    }

    private void Refuse(string name, string rule) => Refusal ??= Answers.Malformed(rule, [new FieldErrorResponse(name, FieldErrorCode.BadValue, rule)]);
}
