namespace Symbolon.Core.Registry.Files;

/// <summary>Collects all that is wrong, so that one reading tells everything. At most 100: a hostile document must not make a huge answer.</summary>
internal sealed class FieldErrors
{
    public const int Most = 100;
    private readonly List<FieldError> found = [];

    public IReadOnlyList<FieldError> Found => found;

    public bool Any => found.Count > 0;

    public void Add(string path, string code, string message)
    {
        if (found.Count < Most) found.Add(new FieldError(path, code, message));
    }
}
