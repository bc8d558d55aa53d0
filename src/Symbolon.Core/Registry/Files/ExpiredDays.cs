namespace Symbolon.Core.Registry.Files;

/// <summary>A day that has passed already is a mistake of who wrote it, and is refused while the file can still be corrected.</summary>
public static class ExpiredDays
{
    /// <param name="today">In UTC. A day counts to its end.</param>
    /// <param name="path">What stands before the path in the document, e.g. <c>documents[0].</c>.</param>
    public static IEnumerable<FieldError> In(Document document, DateOnly today, string path) => document switch
    {
        Document.Grant { Object.Expires: { } day } when day < today => [Passed($"{path}spec.expires", day)],
        Document.Server { Manifest.Credential: UpstreamCredential.Stored { Expires: { } day } } when day < today => [Passed($"{path}spec.credential.expires", day)],
        Document.Server { Manifest.Credential: UpstreamCredential.Foreign { Expires: { } day } } when day < today => [Passed($"{path}{ForeignReader.Path}.expires", day)],
        _ => [],
    };

    private static FieldError Passed(string path, DateOnly day) =>
        new(path, FieldErrorCode.Expired, $"{day:yyyy-MM-dd} has passed.");
}
