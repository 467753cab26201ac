"""What every implementation of a port must keep: run these on an adapter of your own.

Each promise is a function that takes the stores and fails with an AssertionError where it is broken:

    @pytest.mark.parametrize("promise", SITE_STORE, ids=lambda promise: promise.__name__)
    def test_my_site_store_keeps_its_promises(promise, my_stores):
        promise(my_stores)
"""
